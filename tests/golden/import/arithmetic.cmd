# SPDX-License-Identifier: Apache-2.0
# Programs that compute: a division by 0 returns 0, shifts by the register are of its low five bits.
arch='\40\0\0\0\4\0\0\0\25\0\1\0\76\0\0\300\6\0\0\0\0\0\0\200'
one='\0\0\0\0\1\0\0\0'
printf "$arch$one"'\1\0\0\0\0\0\0\0\74\0\0\0\0\0\0\0\6\0\0\0\0\0\377\177' > "$TMP/divide.bpf"
printf "$arch$one"'\1\0\0\0\41\0\0\0\154\0\0\0\0\0\0\0\25\0\0\1\2\0\0\0\6\0\0\0\0\0\377\177\6\0\0\0\0\0\0\0' > "$TMP/shift.bpf"
cd "$TMP" && for name in divide shift; do
    "$EASYSECCOMP" eval $name.bpf 'read(0, 0, 0)'
    "$EASYSECCOMP" import $name.bpf
done
