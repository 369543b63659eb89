#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Secrets of devices in texts: every statement of secrets/*.secret has words of its own, and no
# command may show one of them, but the lines that `diff` makes for a device have them exactly;
# statements of secrets/*.plain are shown as they are.
# usage: test_secrets.sh [DRIVER]...
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

export SMARTDEPLOY_HOME="$work/none"
table=$SMD_SOURCE_DIR/tests/e2e/secrets
[ $# -gt 0 ] || set -- ios nxos eos iosxr junos dnos frr
cd "$work"

# Copies a table with words for <text> and <hex>; SERIES makes them differ from another copy's.
# "WORD STATEMENT" of each is appended to the file `words`.
plant() { # TABLE SERIES FILE
	sed 's/\t*# .*//' "$1" | awk -v series="$2" -v to="$3" '{
		line = $0
		while (match(line, /<(text|hex)>/)) {
			form = substr(line, RSTART, 5) == "<text" ? "cnry%s%04dq" : "0%sCAFE%04d0"
			word = sprintf(form, series, ++n)
			line = substr(line, 1, RSTART - 1) word substr(line, RSTART + RLENGTH)
			print word "\t" $0 >>"words"
		}
		print line >to
	}'
}

# Runs sdctl with its output kept for the search. Exit status 2 of `diff` is as good as 0. Lines
# that `diff` makes for a device go to exact/.
look() { # ARGUMENTS...
	looks=$((looks + 1))
	status=0
	sdctl "$@" >"out/$looks" 2>"out/$looks.err" || status=$?
	printf '%s\n' "$*" >"out/$looks.command"
	case " $* " in
	*' diff '*' --format tree '*) ;;
	*' diff '*json*)
		sed -n '/^\t"\(text\|commands\|undo\)":/p' "out/$looks" >"exact/$looks"
		sed -i '/^\t"\(text\|commands\|undo\)":/d' "out/$looks"
		;;
	*' diff '*) mv "out/$looks" "exact/$looks" ;;
	esac
}

assert_read() {
	[ "$status" = 0 ] || [ "$status" = 2 ] || fail "exit status $status: $(cat "out/$looks"*)"
}

# Every format of `diff` and `parse`.
look_all() { # DRIVER OLD NEW
	for format in commands tree undo json; do
		look diff "$2" "$3" --driver "$1" --format $format
		expect assert_read
		look --json diff "$2" "$3" --driver "$1" --format $format
		look diff "$2" "$3" --driver "$1" --merge --format $format
	done
	for format in text json flat; do
		look parse "$3" --driver "$1" --format $format
		expect assert_read
		look --json parse "$3" --driver "$1" --format $format
	done
}

# The text's lines one by one, each spoilt in ways that a reader may refuse.
look_spoilt() { # DRIVER TEXT
	awk '/cnry|CAFE/ { print NR }' "$2" | awk 'NR % 7 == 1' >numbers
	while read -r number; do
		for spoil in 's/$/ \x01/' 's/$/ {/' 's/$/ "/' 's/;.*//' 's/[a-z0-9A-Z]*$/&\xff/'; do
			sed "$number$spoil" "$2" >spoilt
			look diff empty spoilt --driver "$1"
		done
	done <numbers
	sed '/cnry\|CAFE/!d; s/^ *//' "$2" >spoilt
	look_all_loose "$1" empty spoilt
	awk '/cnry|CAFE/ { print; exit }' "$2" | tr -d '\n' >spoilt
	awk 'BEGIN { while (n++ < 20000) printf " x" }' >>spoilt
	look diff empty spoilt --driver "$1"
}

look_all_loose() { # DRIVER OLD NEW
	for format in commands tree undo json; do
		look diff "$2" "$3" --driver "$1" --format $format
	done
	look parse "$3" --driver "$1" --format flat
}

# Every word that any output shows is told with its statement and the first such command.
assert_hidden() { # DRIVER
	cut -f 1 words >wanted
	grep -orF --exclude='*.command' -f wanted out | sort -u -t: -k2,2 >seen || :
	[ -s seen ] || return 0
	while IFS=: read -r file word; do
		printf '%s: %s\n' "$(grep "^$word" words | cut -f 2)" "$(cat "${file%.err}.command")"
	done <seen >&2
	fail "$1 shows $(wc -l <seen) of $(wc -l <words) secrets"
}

# Every secret of TEXT, as its driver reads it, is in the lines that lead to it.
assert_exact() { # DRIVER TEXT
	cut -f 1 words >wanted
	sdctl parse "$2" --driver "$1" --reveal | grep -oF -f wanted | sort -u >there
	[ "$(wc -l <there)" -gt 10 ] || fail "$1: too few secrets in $2"
	for options in '--format commands' '--format json' '--merge' '--json'; do
		# shellcheck disable=SC2086
		look diff empty "$2" --driver "$1" $options
		expect assert_equal "$1 $options lacks" "" \
			"$(grep -oF -f wanted "exact/$looks" | sort -u | comm -13 - there)"
	done
	look diff "$2" empty --driver "$1" --format undo
	expect assert_equal "$1 undo lacks" "" \
		"$(grep -oF -f wanted "exact/$looks" | sort -u | comm -13 - there)"
}

looks=0
for driver in "$@"; do
	step "$driver"
	rm -rf out exact words
	mkdir out exact
	plant "$table/$driver.secret" 1 one
	plant "$table/$driver.secret" 2 two
	: >empty
	look_all "$driver" empty one
	look_all "$driver" one empty
	look_all "$driver" one two
	look_spoilt "$driver" one
	assert_exact "$driver" one
	if [ "$driver" = junos ]; then
		sdctl parse one --driver junos --format flat --reveal >set-lines
		assert_contains "the form of lines" "set snmp community" "$(cat set-lines)"
		look_all junos empty set-lines
		look_all junos set-lines two
		assert_exact junos set-lines
	fi
	expect assert_hidden "$driver"

	sed 's/\t*# .*//' "$table/$driver.plain" >plain
	assert_status 0 sdctl parse plain --driver "$driver" --format text
	printf '%s\n' "$output" >shown
	expect assert_equal "masked in vain" "" "$(grep -n '\*\*\*' shown || :)"
	sed 's/^ *//' shown | sort >shown.lines
	look diff empty plain --driver "$driver"
	expect assert_read
	expect assert_equal "masked in vain in commands" "" "$(grep -n '\*\*\*' "exact/$looks" || :)"
	look diff empty plain --driver "$driver" --format tree
	expect assert_equal "masked in vain in the tree" "" "$(grep -n '\*\*\*' "out/$looks" || :)"
done
