#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Secrets on their way to real routers and back: no command in any format shows one, whether it
# is in a configuration, on a router, in an answer, or in a credential; nor does a plan file or a
# core. Words that begin with cnry are the secrets.
# shellcheck source-path=SCRIPTDIR source=routers.sh
. "$(dirname -- "$0")/routers.sh"
router_daemons='zebra staticd bgpd ospfd ripd'
need_routers
need setpriv util-linux
mkdir "$work/out"
looks=0

# Runs sdctl with its output kept for the search, whatever its exit status.
look() { # ARGUMENTS...
	looks=$((looks + 1))
	printf '%s\n' "$*" >"$work/out/$looks.command"
	status=0
	timeout 120 sdctl "$@" >"$work/out/$looks" 2>&1 || status=$?
}

assert_looked() { # STATUS ARGUMENTS...
	wanted=$1
	shift
	look "$@"
	[ "$status" = "$wanted" ] || fail "$*
  expected: exit status $wanted
  actual:   exit status $status
$(cat "$work/out/$looks")"
}

# Everything that can be asked of a configuration and of the newest deployment.
look_around() { # NAME
	for format in '' --json; do
		look $format config list
		look $format config show "$1"
		look $format config show "$1" --revision 1
		look $format plan "$1" -o "$work/out/$looks.plan"
		look $format history "$1"
		look $format status "$1" -v
		look $format verify "$1" -v
		look $format rollback "$1" -o "$work/out/$looks.back.plan"
		look $format device check
		look $format device show r1
		look $format device show r1 --config
		look $format device export
	done
}

assert_hidden() { # WHAT
	found=$(grep -rlF cnry "$work/out" | grep -v 'command$' | sort -n | head -n 5)
	[ -z "$found" ] || fail "$1: secrets are shown
$(for f in $found; do
		printf '%s: %s\n' "${f##*/}" "$(cat "${f%%.*plan}.command" 2>/dev/null)"
		grep -nF cnry "$f" | head -n 4
	done)"
}

step "a router with secrets of its own"
routers_up r1
assert_looked 0 device import "$work/inventory.json"
printf '%s\n' 'router bgp 65001' 'neighbor 192.0.2.9 remote-as 65009' \
	'neighbor 192.0.2.9 password cnry-theirs' 'exit' 'interface eth2' \
	'ip ospf authentication-key cnryold' 'exit' | router_by_hand r1
assert_looked 0 device check

secrets() { # SUFFIX
	printf '%s\n' 'key chain links' ' key 1' "  key-string cnrychain$1" ' exit' 'exit' \
		'interface eth1' " ip ospf authentication-key cnryk$1" \
		" ip ospf message-digest-key 1 md5 cnrymd5$1" " ip rip authentication string cnryrip$1" \
		'exit' \
		'router bgp 65001' ' neighbor 192.0.2.66 remote-as 65002' \
		" neighbor 192.0.2.66 password cnry-bgp-$1" 'exit'
}

step "added"
native keys r1 "$(secrets 1)"
assert_looked 0 config set "$document"
look_around keys
assert_looked 2 plan keys --exit-code -o "$work/out/keys.plan"
assert_looked 3 apply "$work/out/keys.plan" # the driver does not know a key-string
assert_looked 0 --json apply "$work/out/keys.plan" -v --accept-unknown --comment 'see "password rules", 2.1'
assert_contains "on the router" "cnry-bgp-1" "$(router_running r1)"
look_around keys
expect assert_hidden "secrets that are added"
assert_looked 0 config show keys
assert_contains "masked" 'neighbor 192.0.2.66 password ******' "$(cat "$work/out/$looks")"
assert_status 0 sdctl config show keys --reveal
assert_contains "in clear" 'neighbor 192.0.2.66 password cnry-bgp-1' "$output"
assert_equal "as it was written" "$(cat "$document")" "$output"
assert_looked 0 device show r1 --config
assert_contains "what runs is masked" 'neighbor 192.0.2.9 password ******' "$(cat "$work/out/$looks")"
assert_status 0 sdctl device show r1 --config --reveal
assert_contains "what runs in clear" 'neighbor 192.0.2.9 password cnry-theirs' "$output"
assert_looked 0 status keys
assert_contains "a comment" 'see "password rules", 2.1' "$(cat "$work/out/$looks")"

step "changed, by hand too"
native keys r1 "$(secrets 2)"
assert_looked 0 config set "$document"
look_around keys
assert_looked 2 plan keys --exit-code -o "$work/out/keys.plan"
assert_looked 0 apply "$work/out/keys.plan" -v --accept-unknown
printf '%s\n' 'router bgp 65001' 'neighbor 192.0.2.66 password cnry-by-hand' | router_by_hand r1
look_around keys
expect assert_hidden "secrets that are changed"

step "another configuration wants another secret in the same place"
native other r1 "router bgp 65001
 neighbor 192.0.2.66 password cnry-other
exit"
assert_looked 0 config set "$document"
look plan other
look --json plan other
expect assert_hidden "conflict"
assert_looked 0 config remove other

step "rolled back, and removed"
assert_looked 3 --json rollback last -v --yes # it was changed by hand
assert_looked 0 plan keys -o "$work/out/keys.plan"
assert_looked 0 apply "$work/out/keys.plan" --accept-unknown
look rollback keys -o - # the plan is shown and not carried out
look rollback keys
assert_looked 0 --json rollback last -v --yes
look_around keys
assert_looked 0 config remove keys
look_around keys
look plan keys -o "$work/out/keys.plan"
look apply "$work/out/keys.plan" -v --accept-unknown
look_around keys
expect assert_hidden "secrets that are removed"

step "refused by the router, and unknown to the driver"
for line in 'frobnicator api-token cnry-token' 'neighbor x password cnry-top' 'password' \
	'ip ospf message-digest-key 1 md5 cnry-wrong-place' 'enable password cnry-enable cnry-more'; do
	native odd r1 "$line"
	look config set "$document"
	for format in '' --json; do
		look $format plan odd -o "$work/out/odd.plan"
		look $format apply "$work/out/odd.plan" -v
		look $format apply "$work/out/odd.plan" -v --accept-unknown
	done
	look_around odd
done
native odd r1 "interface eth1
 ip ospf authentication-key cnry-much-longer-than-the-eight-bytes-that-there-are
exit"
look config set "$document"
look plan odd -o "$work/out/odd.plan"
look apply "$work/out/odd.plan" -v --accept-unknown
look --json apply "$work/out/odd.plan" -v --accept-unknown
look_around odd
expect assert_hidden "what is refused"

step "documents that are none"
native odd r1 'neighbor 192.0.2.1 password cnry-doc'
for spoil in 's/cnry-doc/&\\t/' 's/cnry-doc/&\\u0001/' 's/"cnry-doc"/cnry-doc/' 's/]}/}/' \
	's/"line"/"lines"/' 's/cnry-doc"/&, 7/'; do
	sed "$spoil" "$document" >"$work/bad.json"
	look config set "$work/bad.json"
	look --json config set "$work/bad.json"
	look device import "$work/bad.json"
	look apply "$work/bad.json"
	look plan odd -o "$work/out/odd.plan"
done
for member in password passphrase password-env; do
	sed "s/\"key-file\": \"[^\"]*\"/\"$member\": \"cnry credential\"/" "$work/inventory.json" \
		>"$work/bad.json"
	look device import "$work/bad.json"
	look --json device import "$work/bad.json"
done
expect assert_hidden "documents"

step "credentials"
printf 'cnry-in-file\n' >"$work/password"
chmod 600 "$work/password"
export CNRY_HERE=cnry-in-environment
for method in '"password-env": "CNRY_HERE"' "\"password-file\": \"$work/password\""; do
	sed "s|\"key-file\": \"[^\"]*\"|$method|" "$work/inventory.json" >"$work/password.json"
	look device import "$work/password.json"
	for format in '' --json; do
		look $format device check
		look $format device check r1
		look $format plan odd
		look $format verify odd
	done
done
chmod 644 "$work/password"
look device check
unset CNRY_HERE
expect assert_hidden "credentials"

step "files of the controller are for its user alone"
assert_equal "modes" "" "$(find "$SMARTDEPLOY_HOME" -type f -perm /077 -name 'store*')"

step "no core, and no other process of the user looks in"
mkdir -m 777 "$work/core"
mkfifo -m 666 "$work/fifo"
(
	cd "$work/core"
	exec prlimit --core=unlimited setpriv --reuid nobody --regid nogroup --clear-groups \
		"$SMD_BUILD_DIR/bin/sdctl" parse "$work/fifo" --driver frr
) >"$work/core.out" 2>&1 &
reader=$!
exec 3>"$work/fifo"
printf 'password cnry-core\n' >&3
assert_equal "whose the memory is" root "$(stat -c %U "/proc/$reader/environ")"
kill -ABRT "$reader"
wait "$reader" || :
exec 3>&-
assert_equal "what is left" "" "$(find "$work/core" -type f)"
