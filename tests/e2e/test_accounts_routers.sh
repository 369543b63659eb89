#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A router with two accounts: plans and verification log in by the one that reads, apply and
# rollback by the other; a rollback is planned before. What a router runs is shown with its secrets masked.
# shellcheck source-path=SCRIPTDIR source=routers.sh
. "$(dirname -- "$0")/routers.sh"
need_routers

reader=''
end() { # STATUS
	[ -z "$reader" ] || { (await router_is_idle r1) || :; userdel "$reader"; }
	finish "$1"
}
trap 'end $?' EXIT

# Adds the reading account to the router's sshd.
add_reader() { # ROUTER
	reader=${router_user}r
	useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' \
		--groups frr,frrvty "$reader"
	chmod 777 "$work/$1/sessions"
	sed -i "s/^AllowUsers .*/& $reader/" "$work/$1/sshd_config"
	old=$(cat "$work/$1/sshd.pid")
	kill "$old"
	await sh -c "! kill -0 $old"
	router_exec "$1" /usr/sbin/sshd -f "$work/$1/sshd_config" -E "$work/$1/sshd.log"
	await test -s "$work/$1/sshd.pid"
}

logins() { grep -c "^Accepted publickey for $1 " "$work/r1/sshd.log" || :; } # USER

# Runs sdctl and asserts how often each account has logged in.
by_accounts() { # READER WRITER STATUS ARGUMENTS...
	by_reader=$(logins "$reader") by_writer=$(logins "$router_user")
	want_reader=$1 want_writer=$2 want_status=$3
	shift 3
	assert_status "$want_status" sdctl "$@"
	assert_equal "logins to read, by $*" "$want_reader" "$(($(logins "$reader") - by_reader))"
	assert_equal "logins to write, by $*" "$want_writer" \
		"$(($(logins "$router_user") - by_writer))"
}

routers_up r1
add_reader r1
sed -i 's#{"name": "vtysh"#{"name": "viewer", "user": "'"$reader"'", "key-file": "'"$work"'/id_ed25519"},\n&#' \
	"$work/inventory.json"
assert_status 0 sdctl device import "$work/inventory.json"
assert_status 0 sdctl device set r1 read-only-credential=viewer label=rack=1,edge
native lines r1 'ip route 192.0.2.0/24 Null0'
assert_status 0 sdctl config set "$document"

step "who reads, and who writes"
by_accounts 1 0 0 device check --label rack=1
by_accounts 1 0 2 plan lines --exit-code -o "$work/lines.plan"
by_accounts 0 1 0 apply "$work/lines.plan" --comment 'CHG-2: a route'
by_accounts 1 0 0 verify lines
by_accounts 1 1 0 rollback last --yes
assert_contains "the comment" "CHG-2: a route" "$(sdctl history)"

step "what runs is shown, its secrets are not"
printf '%s\n' 'password s3cret-word' 'ip route 198.51.100.0/24 Null0' | router_by_hand r1
by_accounts 1 0 0 device show r1 --config
assert_contains "what runs" "ip route 198.51.100.0/24 Null0" "$output"
assert_contains "the labels" "edge, rack=1" "$output"
assert_lacks "the secret" s3cret-word "$output"
assert_lacks "the secret" s3cret-word "$(sdctl device show r1 --config --json)"
