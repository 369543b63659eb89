#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# smd-probe on two hosts joined by a veth: pings to the kernel, pings to another smd-probe with
# tags, and frames in all forms of tags, compared with what tcpdump sees.
# usage: test_probe.sh [PATH-OF-SMD-PROBE]
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u
probe=${1:-${SMD_BUILD_DIR:?is not set}/bin/smd-probe}
failed=0

skip() { echo "skipped: $*"; exit 77; }
[ -x "$probe" ] || { echo "$probe is not built"; exit 1; }
[ "$(id -u)" = 0 ] || skip "needs root, to make network namespaces"
for need in ip tcpdump; do
	command -v $need >/dev/null || skip "needs $need"
done
a=smd-probe-a-$$ b=smd-probe-b-$$
work=$(mktemp -d)
pid_a= pid_b=
cleanup() {
	kill -KILL $pid_a $pid_b 2>/dev/null
	ip netns del "$a" 2>/dev/null
	ip netns del "$b" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
ip netns add "$a" && ip netns add "$b" || skip "cannot make network namespaces"
ip link add e0 netns "$a" type veth peer name e0 netns "$b" || skip "cannot make a veth"
for side in "$a 1" "$b 2"; do
	set -- $side
	nsenter --net="/run/netns/$1" ip addr add 10.9.0.$2/24 dev e0
	nsenter --net="/run/netns/$1" ip link set e0 up
	nsenter --net="/run/netns/$1" ip link set lo up
done

# say HOST LINE: sends a line to smd-probe; its answer is in $answer.
hear() {
	local from=from_$1
	IFS= read -r -d '>' -t 30 answer <&"${!from}" || { echo "FAIL: $1 is silent"; exit 1; }
	IFS= read -r -N 1 -t 5 _ <&"${!from}"
	answer=${answer%probe}
	answer=${answer%$'\n'}
}
tell() { local to=to_$1; printf '%s\n' "$2" >&"${!to}"; }
say() { tell "$1" "$2"; hear "$1"; }
want() { # want WHAT PATTERN: $answer matches
	if [[ $answer =~ $2 ]]; then echo "ok: $1"; else
		echo "FAIL: $1: wanted: $2"; echo "got: $answer"; failed=1; fi
}
is() { # is WHAT TEXT
	if [ "$answer" = "$2" ]; then echo "ok: $1"; else
		echo "FAIL: $1: wanted:"; echo "$2"; echo "got:"; echo "$answer"; failed=1; fi
}
both_hear() { # both_hear WHAT LABEL TAG COUNT: b heard it so
	say b heard
	want "$1" "(^|"$'\n'")heard run=r1 from=$2 tag=$3 count=$4("$'\n'"|$)"
}

mkfifo "$work"/{a,b}.{in,out}
nsenter --net="/run/netns/$a" "$probe" e0 <"$work/a.in" >"$work/a.out" &
pid_a=$!
nsenter --net="/run/netns/$b" "$probe" <"$work/b.in" >"$work/b.out" &
pid_b=$!
# Opened after both have started, so that neither process inherits the other's input.
exec {to_a}>"$work/a.in" {from_a}<"$work/a.out" {to_b}>"$work/b.in" {from_b}<"$work/b.out"
hear a
hear b

# Errors are reported, and the program goes on.
say b "heard"; want "no interface yet" '^error: no interface'
say b "use nothing0"; want "no such interface" '^error: interface "nothing0": there is none'
nsenter --net="/run/netns/$b" ip link set e0 down
say b "use e0"; want "interface down" '^error: interface "e0": it is down'
nsenter --net="/run/netns/$b" ip link set e0 up
say b "use lo"; want "no Ethernet" '^error: interface "lo": it is no Ethernet'
say b "use e0"; is "use" ""
say b "heard"; want "not listening" '^error: not listening'
say b "send r1"; want "usage" '^error: usage: send'
say b "send r1 l vlan 4096"; want "VLAN too large" '^error: send in what form'
say b "send r1 a/b untagged"; want "label is no word" '^error: "a/b" is no word'
say b "ping 10.9.0"; want "bad address" '^error: "10.9.0" is no IPv4 address'
say b "ping 10.9.0.1 count 0"; want "bad count" '^error: "count" wants a number'
say b "$(printf '%0600d' 0)"; want "long line" '^error: line longer than 511'
say b "$(printf 'he\001ard')"; want "control character" '^error: control character'
say b "reboot"; want "unknown command" '^error: unknown command "reboot"'
say b ""; is "empty line" ""

# Untagged: the kernel answers.
say a "ping 10.9.0.2 count 3"; want "ping the kernel" '(reply from 10\.9\.0\.2 time [0-9]+ us.){3}3 sent, 3 received$'
say a "ping 10.9.0.77 timeout 50"; is "ping nobody" $'no arp reply from 10.9.0.77\n0 sent, 0 received'
say a "ping 10.9.0.2 vlan 100 timeout 50"; want "the kernel hears no tags" '0 sent, 0 received$'

# Tagged: the probe answers, in its VLAN only; then both at the same time.
say a "serve 100 10.9.100.1"; is "serve" ""
say b "serve 100 10.9.100.2"
say a "ping 10.9.100.2 vlan 100 count 3"; want "tagged ping" '3 sent, 3 received$'
say a "ping 10.9.100.2 vlan 101 timeout 50"; want "another VLAN" '0 sent, 0 received$'
say a "ping 10.9.100.2 timeout 50"; want "served, but not untagged" '0 sent, 0 received$'
tell a "ping 10.9.100.2 vlan 100 count 200"; tell b "ping 10.9.100.1 vlan 100 count 200"
hear a; want "each pings the other: a" '200 sent, 200 received$'
hear b; want "each pings the other: b" '200 sent, 200 received$'

# Frames in all forms; tcpdump must see the same bytes (IEEE 802.1Q).
mac=$(nsenter --net="/run/netns/$a" ip -o link show e0 | sed 's/.*ether \([0-9a-f:]*\).*/\1/')
mkfifo "$work/said"
nsenter --net="/run/netns/$b" timeout 60 tcpdump -i e0 -n -xx -c 9 "ether src $mac and ether broadcast" \
	>"$work/seen" 2>"$work/said" &
witness=$!
exec {said}<"$work/said"
while IFS= read -r -t 30 line <&$said; do [[ $line == *"listening on"* ]] && break; done
say b "listen r1"; say a "listen r1"
forms=(none 100 0 4095 4095,100 100,100 0,100 s100 s4095,100)
hex=("88b5" "8100 0064 88b5" "8100 0000 88b5" "8100 0fff 88b5" "8100 0fff 8100 0064 88b5"
	"8100 0064 8100 0064 88b5" "8100 0000 8100 0064 88b5" "88a8 0064 88b5"
	"88a8 0fff 8100 0064 88b5")
for i in "${!forms[@]}"; do
	form="vlan ${forms[i]}"
	[ "${forms[i]}" = none ] && form=untagged
	say a "send r1 form.$i $form"; is "send $form" ""
done
say b "await form. 9 timeout 5000"; is "await" "heard 9 of 9"
for i in "${!forms[@]}"; do both_hear "heard ${forms[i]}" "form.$i" "${forms[i]}" 1; done
wait $witness || { echo "FAIL: tcpdump did not see nine frames"; failed=1; }
# The bytes after both addresses, one frame a line.
awk '/0x0000:/ { line = $8 " " $9 } /0x0010:/ { print line, $2, $3, $4 }' "$work/seen" >"$work/types"
for i in "${!hex[@]}"; do
	line=$(sed -n "$((i + 1))p" "$work/types")
	case $line in
	"${hex[i]}"*) echo "ok: tcpdump sees ${forms[i]}" ;;
	*) echo "FAIL: tcpdump: ${forms[i]}: wanted ${hex[i]}, got $line"; failed=1 ;;
	esac
done

say a "heard"; is "its own frames are no news" ""
say a "send r2 x untagged"; say a "send r1 many untagged count 100"
say b "await many 1"; both_hear "a hundred" many none 100
say b "heard"; [[ $answer == *r2* ]] && { echo "FAIL: heard another run"; failed=1; }
say b "listen r3"; say b "heard"; is "listen forgets" ""
say b "await never 1 timeout 20"; is "await gives up" "heard 0 of 1"
say a "listen r4"
# While the probe is stopped, more frames arrive than the kernel buffers: the probe reports a
# loss.
kill -STOP "$pid_a"
for i in 1 2 3 4 5 6 7 8 9 10; do say b "send r4 flood untagged count 10000"; done
kill -CONT "$pid_a"
say a "heard"; want "a loss is told" $'\nlost count=[1-9]'

exec {to_a}>&-
wait "$pid_a"; status=$?
[ $status = 0 ] && echo "ok: ends with its input" || { echo "FAIL: status $status"; failed=1; }
tell b quit
wait "$pid_b"; status=$?
[ $status = 0 ] && echo "ok: quits" || { echo "FAIL: quit: status $status"; failed=1; }
pid_a= pid_b=
exit $failed
