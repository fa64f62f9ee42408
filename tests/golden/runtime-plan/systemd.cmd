# SPDX-License-Identifier: Apache-2.0
# Where systemd has a container: the path, and what is done about the cgroup.
plan() {
    path=$1
    shift
    sed "s|\"linux\": {|\"linux\": {\"cgroupsPath\": \"$path\",|" "$config" |
        "$EASYRUN" --systemd-cgroup plan --config /dev/stdin --id ID "$@" /bundle 2>&1 | grep -E 'cgroup|scope|easyrun:'
}
config=basic.json
for path in '' a.slice:b:c a-b-c.slice::d ::e :f: -.slice::cpu.x '-.slice::_x' /a a:b a:b:c:d a:b:c a--b.slice:c:d \
    -a.slice:b:c a.slice:b:c.slice a.slice:b/..:c 'a.slice:b:c d'; do
    echo "== $path"
    plan "$path"
done
echo '== of a user'
config=user-namespace.json
plan '' --rootless
