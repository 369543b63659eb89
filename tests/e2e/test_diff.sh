#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Comparing configurations as texts: output, exit status, bad input.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

export SMARTDEPLOY_HOME="$work/none"
cd "$work"

file() { cat >"$1"; } # NAME; the text on standard input

file old <<'END'
hostname sw1
!
vlan 10
 name users
!
interface GigabitEthernet0/1
 description uplink
 switchport trunk allowed vlan 10,20
 switchport mode trunk
!
END
file new <<'END'
hostname sw1
!
vlan 10
 name users
vlan 30
!
interface Gi0/1
 description uplink
 switchport trunk allowed vlan 10,30
 switchport mode trunk
!
END

step "the lines to enter, in order"
assert_status 2 sdctl diff old new --driver ios
assert_equal "commands" "vlan 30
exit
interface GigabitEthernet0/1
 switchport trunk allowed vlan remove 20
 switchport trunk allowed vlan add 30
exit" "$output"
assert_status 2 sdctl diff old new --driver ios --format undo
assert_equal "undo" "interface GigabitEthernet0/1
 switchport trunk allowed vlan remove 30
 switchport trunk allowed vlan add 20
exit
no vlan 30" "$output"

step "the tree of changes, and all of it as JSON"
assert_status 2 sdctl diff old new --driver ios --format tree
assert_contains "what comes" "+ vlan 30" "$output"
assert_contains "what changes" "~   switchport trunk allowed vlan -20 +30" "$output"
assert_status 2 sdctl diff old new --driver ios --format json
assert_contains "commands" '"commands":	["vlan 30", "exit", ' "$output"
assert_contains "undo" '"undo":' "$output"

step "equal, by another spelling, by standard input, by other line ends"
assert_status 0 sdctl diff old old --driver ios
assert_equal "nothing" "" "$output"
sed 's/$/\r/; s/GigabitEthernet/gi/' old >dos
assert_status 0 sdctl diff old dos --driver ios
assert_status 0 sdctl diff old - --driver ios <old

step "a merge takes nothing away"
printf 'interface Gi0/1\n mtu 9000\n' >part
assert_status 2 sdctl diff old part --driver ios --merge
assert_equal "only what comes" "interface GigabitEthernet0/1
 mtu 9000
exit" "$output"
printf 'interface Gi0/1\n no description\n' >part
assert_status 2 sdctl diff old part --driver ios --merge
assert_equal "what is negated goes" "interface GigabitEthernet0/1
 no description
exit" "$output"

step "a state that is not safe is told, and how else to do it"
printf 'ip access-list extended A\n 10 permit ip any any\n' >one
printf 'ip access-list extended A\n 10 deny ip any any\n' >other
assert_status 2 sdctl diff one other --driver ios
assert_contains "which" 'line 2: behind this line "ip access-list extended A" is empty' "$output"
assert_contains "what to do" "hint:" "$output"
printf 'ip access-list extended A\n 10 deny ip host 192.0.2.1 any\n 20 permit ip any any\n' >kept
printf 'ip access-list extended A\n 10 deny ip host 192.0.2.2 any\n 20 permit ip any any\n' >changed
assert_status 2 sdctl diff kept changed --driver ios
assert_contains "which" 'line 2: behind this line "ip access-list extended A / 10" is missing' "$output"
assert_contains "its own way" "hint: give the new entry a number of its own" "$output"
sed 's/10 deny/5 deny/' changed >inserted
assert_status 2 sdctl diff kept inserted --driver ios
assert_equal "which is safe" "ip access-list extended A
 5 deny ip host 192.0.2.2 any
 no 10
exit" "$output"
sed 's/extended //' one >one.eos
sed 's/extended //' other >other.eos
assert_status 2 sdctl diff one.eos other.eos --driver eos
assert_lacks "a session acts as a whole" "not safe" "$output"

step "braces and set lines are one tree"
file braced <<'END'
system {
    host-name r1;
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 192.0.2.1/31;
            }
        }
    }
}
END
assert_status 0 sdctl parse braced --driver junos --format flat
printf '%s\n' "$output" >flat
assert_equal "flat" "set system host-name r1
set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/31" "$output"
assert_status 0 sdctl diff braced flat --driver junos
assert_status 0 sdctl parse braced --driver junos
assert_equal "text" "$(cat braced)" "$output"
assert_status 0 sdctl parse braced --driver junos --format json
assert_contains "json" '"name":	"host-name"' "$output"

step "secrets are masked where people look, and exact where a device listens"
printf 'username bob secret 9 $9$abc\n' >one
printf 'username bob secret 9 $9$def\n' >other
assert_status 2 sdctl diff one other --driver ios --format tree
assert_lacks "masked" '$9$def' "$output"
assert_status 2 sdctl diff one other --driver ios
assert_contains "exact" '$9$def' "$output"

step "bad input ends in one message: it is refused, or a name is not known"
assert_status 3 sdctl diff old braced --driver ios
assert_contains "another vendor's" 'is a brace, and no configuration' "$output"
assert_contains "what to do" "--driver junos" "$output"
assert_status 1 sdctl diff old new --driver nope
assert_contains "which there are" "junos" "$output"
assert_status 1 sdctl diff old new
assert_contains "no driver" "--driver NAME" "$output"
assert_status 1 sdctl diff old missing --driver ios
assert_contains "no file" '"missing"' "$output"
assert_status 1 sdctl diff old new --driver ios --format odd
assert_contains "formats" "commands, tree, undo, json" "$output"
printf 'hostname a\0b\n' >binary
assert_status 1 sdctl diff old binary --driver ios
assert_contains "binary" "not text" "$output"
printf 'banner motd ^C\nWelcome\n' >cut
assert_status 3 sdctl diff old cut --driver ios
assert_contains "truncated" "line 1" "$output"
head -n 5 braced >cut
assert_status 3 sdctl diff braced cut --driver junos
assert_contains "where" "line 5" "$output"
assert_contains "why" "not closed" "$output"

step "the same section twice is one, and what no rule knows is kept"
printf 'interface Gi0/1\n odd thing\ninterface Gi0/1\n mtu 9000\n' >twice
assert_status 0 sdctl parse twice --driver ios
assert_contains "merged" "interface GigabitEthernet0/1
 odd thing
 mtu 9000" "$output"
assert_contains "told" "warning: twice has 1 line that an earlier line says already, or takes up again: 3" "$output"
assert_status 3 sdctl parse twice --driver ios --strict
assert_contains "strict" "twice has 1 line" "$output"

step "what is no configuration is told, or refused with its line"
printf 'Building configuration...\nversion 15.2\nhostname a\nend\n' >shown
assert_status 0 sdctl diff shown shown --driver ios
assert_status 0 sdctl parse shown --driver ios
assert_contains "passed over" 'shown has 2 lines that are no configuration and were passed over: 1 "Building configuration...", 2 "version 15.2"' "$output"
assert_status 0 sdctl parse shown --driver eos
assert_contains "another vendor's" "warning: shown looks like ios, and is read as eos" "$output"
assert_status 3 sdctl parse shown --driver eos --strict
for line in 'r1#show running-config' 'ann@r1> show' ' --More-- ' "% Invalid input detected at '^' marker." \
	'*Mar  1 00:00:35.123: %LINK-3-UPDOWN: Interface Vlan1, changed state to up'; do
	printf 'hostname a\n%s\n' "$line" >recorded
	assert_status 3 sdctl parse recorded --driver ios
	assert_contains "$line" "line 2 is " "$output"
	printf 'banner motd #\n%s\n#\n' "$line" >recorded
	assert_status 0 sdctl parse recorded --driver ios
done
printf 'hostname a\nhostname b\n' >two
assert_status 3 sdctl parse two --driver ios
assert_contains "two values" 'lines 1 and 2 both say what "hostname" is' "$output"
printf ' mtu 1500\nhostname a\n' >middle
assert_status 3 sdctl parse middle --driver ios
assert_contains "the beginning is missing" "line 1 is indented" "$output"

step "large and deep texts"
awk 'BEGIN { for (i = 0; i < 1000; i++) printf "%*sx\n", i, "" }' >deep
assert_status 0 sdctl diff deep deep --driver ios
awk 'BEGIN { for (i = 0; i < 1100; i++) printf "%*sx\n", i, "" }' >deeper
assert_status 3 sdctl diff deep deeper --driver ios
assert_contains "too deep" "line 1025" "$output"
{
	printf 'hostname '
	head -c 10000000 /dev/zero | tr '\0' x
	echo
} >long
assert_status 2 sdctl diff old long --driver ios --format json
assert_status 0 sdctl diff long long --driver ios
[ ! -e "$work/none" ] || fail "a store was made though nothing needs one"
