#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What README shows is what happens: the story is played on a lab, and each command that README
# prints with its output is found in it, in order, with the same output. The commands that it
# lists for the day are run.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
readme=$SMD_SOURCE_DIR/README.md

# What differs from run to run: plans' ids, durations, and the order in which devices are done.
steady() {
	sed 's/^Plan [0-9a-f]\{12\}:/Plan ID:/; s/^\(  Estimate: \)[0-9.]* m\{0,1\}s$/\1TIME/' |
		awk 'function flush(  i, j, line) {
				for (i = 2; i <= n; i++) {
					line = devices[i]
					for (j = i; j > 1 && devices[j - 1] > line; j--)
						devices[j] = devices[j - 1]
					devices[j] = line
				}
				for (i = 1; i <= n; i++)
					print devices[i]
				n = 0
			}
			/^    [a-z0-9]+ +(done|untouched|rolled-back)/ { devices[++n] = $0; next }
			{ flush(); print }
			END { flush() }'
}

# Splits "$ COMMAND" and the output below it into FOLDER/1.command, FOLDER/1.output, ... What the
# story tells between them ("--- ...") and empty lines at the end of an output are left out.
split() { # FOLDER
	mkdir "$1"
	awk -v to="$1/" '
		/^\$ / { n++; file = to n; print substr($0, 3) >(file ".command"); empty = ""; told = 0
			printf "" >(file ".output"); next }
		/^--- / { told = 1 }
		!n || told { next }
		/^$/ { empty = empty "\n"; next }
		{ printf "%s%s\n", empty, $0 >(file ".output"); empty = "" }'
}

# The blocks of README that are sessions.
sessions() {
	awk '/^```$/ { if (!inside) first = 1; inside = !inside; shown = 0; next }
		inside && first { shown = /^\$ /; first = 0 }
		inside && shown' "$readme"
}

step "the story ends well"
lab_up a
assert_status 0 "$SMD_SOURCE_DIR/share/lab/story" "$lab_name"
printf '%s\n' "$output" >"$work/story"
split "$work/happened" <"$work/story"
sessions | split "$work/readme"

# Looks for README's command behind the place in the story where the one before was found.
find_in_story() { # COMMAND
	while at=$((at + 1)); [ -r "$work/happened/$at.command" ]; do
		[ "$(cat "$work/happened/$at.command")" != "$1" ] || return 0
	done
	fail "the story has no \`$1\` behind what README shows before it"
}

cd "$work"
for net in 0 1; do
	echo " permit tcp 10.0.$net.0 0.0.0.255 any eq 22"
done >permits
{ echo 'ip access-list extended MGMT'; cat permits; echo ' deny ip any any log'; } >running.txt
sed '3a\ permit tcp 10.0.2.0 0.0.0.255 any eq 22' running.txt >intended.txt

n=0
at=0
while n=$((n + 1)); [ -r "readme/$n.command" ]; do
	command=$(cat "readme/$n.command")
	step "$command"
	case $command in
	'echo $?') shown=$status ;;
	'sdctl diff '*)
		# shellcheck disable=SC2086
		assert_status 2 $command
		shown=$output
		;;
	*)
		find_in_story "$command"
		shown=$(sed '/^(exit status [0-9])$/d' "happened/$at.output")
		status=$(sed -n 's/^(exit status \([0-9]\))$/\1/p' "happened/$at.output")
		;;
	esac
	printf '%s\n' "$shown" | steady >is
	steady <"readme/$n.output" >said
	expect assert_equal "README differs from what happens" "" "$(diff said is || :)"
done
[ $n -gt 7 ] || fail "README has only $((n - 1)) commands with their output"

step "the commands of a day"
cp "$lab_dir/inventory.json" "$lab_dir/topology.json" .
document blue 100 "leaf1 h1" "leaf2 h2"
sed -n '/^## Day by day/,/^## /s/^    \(sdctl [^ ].*\)/\1/p' "$readme" |
	sed 's/   .*//; s/--to 12/--to 1/; s/^sdctl rollback.*/& --yes/' >day
[ "$(wc -l <day)" -gt 9 ] || fail "README lists only $(wc -l <day) commands for a day"
while read -r line; do
	# shellcheck disable=SC2086
	expect assert_status 0 $line
done <day
