#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages: one for sdctl and one a command, without a warning of the formatter, with what
# the command's help has; all is installed.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
need groff groff-base
pages=$SMD_BUILD_DIR/man/man1

step "a page for each command"
sdctl help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' >"$work/names"
assert_equal "pages" "$(($(wc -l <"$work/names") + 1))" "$(find "$pages" -name '*.1' | wc -l)"
while read -r name; do
	page=$pages/sdctl-$(printf '%s' "$name" | tr ' ' -).1
	shown=$(groff -man -Tascii -rLL=80n "$page" | sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g')
	# shellcheck disable=SC2086
	for option in $(sdctl help $name | sed -n 's/^ .*\(--[a-z-]*\).*/\1/p'); do
		assert_contains "$name: $option" "$option" "$shown"
	done
	# shellcheck disable=SC2086
	assert_equal "$name: exit statuses" "$(sdctl help $name | sed -n 's/^  \([0-5]\)  .*/\1/p')" \
		"$(printf '%s\n' "$shown" | sed -n 's/^  *\([0-5]\)   *[a-z].*/\1/p')"
	assert_contains "$name: synopsis" "sdctl $name" "$shown"
	assert_equal "$name: wide lines" "" "$(printf '%s\n' "$shown" | awk 'length > 80')"
done <"$work/names"

step "no warnings"
for page in "$pages"/*.1; do
	assert_equal "groff on $page" "" "$(groff -man -ww -z -Tutf8 "$page" 2>&1)"
	! command -v mandoc >/dev/null ||
		assert_equal "mandoc on $page" "" "$(mandoc -Tlint -W warning "$page" 2>&1 | grep -v 'missing date')"
done

step "prose belongs to a page"
for prose in "$SMD_SOURCE_DIR"/share/man/*.txt; do
	name=$(basename "$prose" .txt)
	assert_contains "$name" "DESCRIPTION" "$(cat "$pages/$name.1")"
done

step "all is installed"
need cmake cmake
DESTDIR=$work/root cmake --install "$SMD_BUILD_DIR" --prefix /opt/sd >"$work/installed"
for file in man/man1/sdctl.1 man/man1/sdctl-config-set.1 bash-completion/completions/sdctl \
	zsh/site-functions/_sdctl fish/vendor_completions.d/sdctl.fish \
	smartdeploy/schema/plan.json; do
	[ -s "$work/root/opt/sd/share/$file" ] || fail "share/$file is not installed"
done
