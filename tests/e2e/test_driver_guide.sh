#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The driver guide, followed by somebody outside of this tree: the product is installed under a
# temporary prefix, and the commands in the guide are run one by one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
need cmake cmake
need cc gcc
need pkg-config pkg-config

guide=$SMD_SOURCE_DIR/share/doc/driver-guide.md
umask 022

# The commands of a guide: its code blocks of type sh.
commands_of() { # FILE
	awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"
}

step "the product is installed under a prefix"
assert_status 0 cmake --install "$SMD_BUILD_DIR" --prefix "$work/usr"
pc=$(find "$work/usr" -name smartdeploy.pc)
export PATH="$work/usr/bin:$PATH" CMAKE_PREFIX_PATH="$work/usr" PKG_CONFIG_PATH="${pc%/*}"
export SMARTDEPLOY_HOME="$work/home"
unset SMARTDEPLOY_PARTS SMARTDEPLOY_DRIVER_PATH
assert_equal "sdctl" "$work/usr/bin/sdctl" "$(command -v sdctl)"
assert_lacks "what sdctl is linked with" "$SMD_BUILD_DIR" "$(ldd "$work/usr/bin/sdctl")"
assert_status 0 sdctl driver show ovs
assert_contains "where ovs comes from" "$work/usr/" "$output"
assert_status 0 sdctl driver list # by its own store and YANG modules
drivers=$(readlink -f "$(pkg-config --variable=driversdir smartdeploy)")
[ -f "$drivers/ovs.so" ] || fail "pkg-config says that drivers lie in $drivers"

step "a program is built by pkg-config"
cat >"$work/tiny.c" <<'END'
#include <smartdeploy/tree.h>
#include <stdio.h>
int main(void)
{
	struct smd_tree *tree;
	if (smd_tree_new(&tree))
		return 1;
	smd_node_put_leaf(smd_tree_root(tree), "name", "r1");
	puts(smd_node_leaf(smd_tree_top(tree), "name"));
	smd_tree_free(tree);
	return 0;
}
END
# shellcheck disable=SC2046
assert_status 0 cc -o "$work/tiny" "$work/tiny.c" $(pkg-config --cflags --libs smartdeploy) \
	-Wl,-rpath,"$(pkg-config --variable=libdir smartdeploy)"
assert_equal "what it prints" r1 "$("$work/tiny")"

step "the guide, command by command"
commands_of "$guide" >"$work/guide.sh"
[ -s "$work/guide.sh" ] || fail "there are no commands in $guide"
mkdir "$work/play"
(cd "$work/play" && sh -eux "$work/guide.sh") >"$work/guide.log" 2>&1 || {
	cat "$work/guide.log" >&2
	fail "the guide does not work"
}
seen=$(cat "$work/guide.log")
assert_contains "the driver as it is begun" "skipped safe" "$seen"
assert_contains "the rule changes what is rendered" "name/patch differs from what is rendered" "$seen"
assert_contains "a failed check is told" "exit status 1" "$seen"
assert_equal "the patch at the end" "hostname r2" "$(cat "$work/play/acme/testdata/name/patch")"
assert_contains "the driver by its folder" "  $work/play/acme/build/acme.so" "$seen"
assert_contains "the language alone" "only knows the language" "$seen"
assert_contains "its stages" "skipped stages     the driver only knows the language" "$seen"
assert_status 0 sdctl driver list
assert_contains "it is installed" "acme   0.1      Devices with a command line in sections         built in" \
	"$output"
assert_status 0 sdctl driver show acme
assert_contains "where it comes from" "$drivers/acme.so" "$output"

step "an explicit path wins, and says what it hides"
SMARTDEPLOY_DRIVER_PATH=$work/play/acme/build
export SMARTDEPLOY_DRIVER_PATH
assert_status 0 sdctl driver list
assert_contains "by the environment" "  $work/play/acme/build/acme.so" "$output"
assert_contains "the hidden one" "hides $drivers/acme.so" "$output"
assert_status 1 sdctl --driver-path "$work/nowhere" driver list
assert_contains "which folder" "$work/nowhere" "$output"
unset SMARTDEPLOY_DRIVER_PATH

step "nothing is overwritten, and names are checked"
before=$(cd "$work/play/acme" && find . -type f -exec sha256sum {} + | sort)
(cd "$work/play" && assert_status 3 sdctl driver new acme && assert_contains "why" "not empty" "$output")
assert_equal "what was there" "$before" \
	"$(cd "$work/play/acme" && find . -type f -exec sha256sum {} + | sort)"
for bad in Acme 9acme a_b ../acme '' "$(printf '%033d' 0 | tr 0 a)"; do
	assert_status 3 sdctl driver new "$bad" "$work/bad"
	[ ! -e "$work/bad" ] || fail "'$bad' was written"
done
assert_status 0 sdctl driver new my-2nd "$work/second"
assert_contains "the name in its place" 'smd_add_driver(my-2nd SOURCES my-2nd.c' \
	"$(cat "$work/second/CMakeLists.txt")"

step "what cannot be tested is told, and results are JSON if wanted"
assert_status 1 sdctl driver test "$work/nothing.so"
assert_contains "which file" "$work/nothing.so" "$output"
assert_status 1 sdctl driver test nosuch
assert_contains "which there are" "acme" "$output"
assert_status 0 sdctl --json driver test "$drivers/acme.so" \
	--golden "$work/play/acme/testdata" --seed 7
assert_contains "the seed" '"seed":	7' "$output"
assert_lacks "failures" '"failed":	1' "$output"
chmod o+w "$work/play/acme/build/acme.so"
assert_status 1 sdctl driver test "$work/play/acme/build/acme.so"
assert_contains "whom it trusts" "can be written by others" "$output"
