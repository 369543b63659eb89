#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Completion in real shells: commands, options, values, and names from the store; silent where there
# is none, and without making one. zsh and fish only where they are installed.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
need bash bash
export SMARTDEPLOY_HOME="$work/home"
cd "$work"

# What a shell offers for the last word, sorted, on one line.
cat >ask.bash <<'END'
. <(sdctl completion bash)
COMP_LINE="$*"
read -r -a COMP_WORDS <<<"${COMP_LINE//=/ = }" # as readline splits at '='
[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; } # works only inside of a completion
_sdctl
printf '%s\n' "${COMPREPLY[@]}"
END
offered() { # LINE
	bash ask.bash "$1" 2>"$work/message" | sort | tr '\n' ' ' | sed 's/ $//'
	[ ! -s "$work/message" ] || cat "$work/message"
}
assert_offers() { # LINE WORDS
	assert_equal "after '$1'" "$2" "$(offered "$1")"
}

step "nothing is there yet: silence, and no store is made"
assert_offers "sdctl plan " ""
assert_offers "sdctl device check " ""
[ ! -e "$work/home" ] || fail "completion made a store"

step "commands"
assert_offers "sdctl con" "config"
assert_offers "sdctl config " "list remove set show"
assert_offers "sdctl device t" "trust"
assert_offers "sdctl help driver n" "new"
assert_offers "sdctl --json dri" "driver"
assert_contains "all of them" "apply completion config device diff driver" "$(offered "sdctl ")"
assert_equal "the registered function" "complete -F _sdctl sdctl" \
	"$(bash -c '. <(sdctl completion bash); complete -p sdctl')"

step "options, those of the command alone"
assert_offers "sdctl plan --ex" "--exit-code"
assert_offers "sdctl diff --" \
	"--driver --driver-path --format --help --home --json --merge --parts --strict --version"
assert_offers "sdctl plan --driver-" "--driver-path"

step "values"
assert_offers "sdctl diff a b --format " "commands json tree undo"
assert_offers "sdctl diff a b --format=t" "tree"
assert_offers "sdctl diff --driver i" "ios iosxr"
assert_offers "sdctl diff --driver=io" "ios iosxr"
assert_offers "sdctl driver show ju" "junos"
assert_offers "sdctl lab u" "up"
assert_offers "sdctl completion " "bash fish zsh"

step "files and folders"
mkdir folder
touch file.json
assert_offers "sdctl config set f" "file.json folder"
assert_offers "sdctl diff fi" "file.json"
assert_offers "sdctl plan x -o fi" "file.json"
assert_offers "sdctl --home f" "folder"
assert_offers "sdctl plan x --output=fi" "file.json"

step "names from the store"
sdctl device import "$SMD_SOURCE_DIR/share/examples/inventory.json" >out
sdctl config set "$SMD_SOURCE_DIR/share/examples/native.json" >out
assert_offers "sdctl plan s" "static-routes"
assert_offers "sdctl config show --revision 1 " "static-routes"
assert_offers "sdctl device check l" "leaf1 leaf2 leaf3"
assert_offers "sdctl device trust spine2" "spine2"
assert_offers "sdctl status st" "static-routes"
assert_offers "sdctl --home $work/nowhere plan " ""
assert_offers "sdctl --home=$work/nowhere plan " ""
[ ! -e "$work/nowhere" ] || fail "completion made a store"

step "installed where shells look"
for file in bash/sdctl zsh/_sdctl fish/sdctl.fish; do
	shell=${file%%/*}
	assert_equal "$file" "$(sdctl completion "$shell")" "$(cat "$SMD_BUILD_DIR/completions/$file")"
done

step "the other shells"
if command -v fish >/dev/null; then
	assert_equal "fish" "static-routes" \
		"$(fish --no-config -c 'sdctl completion fish | source; complete -C "sdctl plan "' | cut -f1)"
	assert_equal "fish, a value" "--driver=ios --driver=iosxr" \
		"$(fish --no-config -c 'sdctl completion fish | source; complete -C "sdctl diff --driver=io"' |
			cut -f1 | tr '\n' ' ' | sed 's/ $//')"
fi
if command -v zsh >/dev/null; then
	zsh -f -c 'autoload -Uz compinit && compinit -D && . <(sdctl completion zsh) &&
		[[ $_comps[sdctl] == _sdctl ]]' || fail "zsh does not take the script"
fi
