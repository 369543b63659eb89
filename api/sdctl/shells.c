/* SPDX-License-Identifier: Apache-2.0 */
/* `completion`: prints a shell's script. The scripts are short: sdctl itself completes. */
#include <string.h>

#include "api/sdctl/command.h"
#include "core/base/nearest.h"

/*
 * bash splits words at '=' and ':'; they are joined again, and of an answer only what is behind
 * them is given back.
 */
static const char bash[] =
	"# bash completion for sdctl: . <(sdctl completion bash)\n"
	"_sdctl() {\n"
	"\tlocal line word cut i words=()\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif ((${#words[@]})) && [[ $word == [=:] || ${COMP_WORDS[i - 1]} == [=:] ]]; then\n"
	"\t\t\twords[${#words[@]} - 1]+=$word\n"
	"\t\telse\n"
	"\t\t\twords+=(\"$word\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tword=${words[${#words[@]} - 1]}\n"
	"\tcut=${word%\"${word##*[=:]}\"}\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tcase $line in\n"
	"\t\t:files) compopt -o filenames\n"
	"\t\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"${word#\"$cut\"}\") "
	";;\n"
	"\t\t:folders) compopt -o filenames\n"
	"\t\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- \"${word#\"$cut\"}\") "
	";;\n"
	"\t\t*) line=${line%%$'\\t'*}\n"
	"\t\t\tCOMPREPLY+=(\"${line#\"$cut\"}\") ;;\n"
	"\t\tesac\n"
	"\tdone < <(\"${COMP_WORDS[0]}\" __complete \"${words[@]}\" 2>/dev/null)\n"
	"}\n"
	"complete -F _sdctl sdctl\n";

static const char zsh[] =
	"#compdef sdctl\n"
	"# zsh completion for sdctl: . <(sdctl completion zsh), or as _sdctl in a folder of "
	"$fpath\n"
	"_sdctl() {\n"
	"\tlocal line value\n"
	"\tlocal -a values descriptions\n"
	"\tlocal -i files=0 folders=0\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tcase $line in\n"
	"\t\t:files) files=1 ;;\n"
	"\t\t:folders) folders=1 ;;\n"
	"\t\t*) value=${line%%$'\\t'*}\n"
	"\t\t\tvalues+=(\"$value\")\n"
	"\t\t\tdescriptions+=(\"$value  ${line#*$'\\t'}\") ;;\n"
	"\t\tesac\n"
	"\tdone < <(\"${words[1]}\" __complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
	"\t(( ! ${#values} )) || compadd -l -d descriptions -a values\n"
	"\t[[ $PREFIX != --*=* ]] || compset -P '*='\n"
	"\t(( ! files )) || _files\n"
	"\t(( ! folders )) || _files -/\n"
	"}\n"
	"if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
	"\t_sdctl \"$@\"\n"
	"else\n"
	"\tcompdef _sdctl sdctl\n"
	"fi\n";

static const char fish[] = "# fish completion for sdctl: sdctl completion fish | source\n"
			   "function __sdctl_complete\n"
			   "\tset -l words (commandline -opc) (commandline -ct)\n"
			   "\tset -l current (commandline -ct)\n"
			   "\tfor line in ($words[1] __complete $words[2..-1] 2>/dev/null)\n"
			   "\t\tswitch $line\n"
			   "\t\t\tcase :files\n"
			   "\t\t\t\t__fish_complete_path $current\n"
			   "\t\t\tcase :folders\n"
			   "\t\t\t\t__fish_complete_directories $current ''\n"
			   "\t\t\tcase '*'\n"
			   "\t\t\t\techo $line\n"
			   "\t\tend\n"
			   "\tend\n"
			   "end\n"
			   "complete -c sdctl -f -a '(__sdctl_complete)'\n";

int run_completion(struct run *run)
{
	static const struct {
		const char *name, *script;
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
	struct smd_nearest nearest = {.word = run->args[0]};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (!strcmp(shells[i].name, run->args[0])) {
			fputs(shells[i].script, stdout);
			return 0;
		}
		smd_nearest_offer(&nearest, shells[i].name);
	}
	smd_fail(&run->error, SMD_E_NOT_FOUND, "there is no completion for \"%s\"", run->args[0]);
	if (nearest.best)
		smd_error_hint(&run->error, "did you mean \"%s\"?", nearest.best);
	else
		smd_error_hint(&run->error, "for bash, fish and zsh there is");
	return print_error(run);
}
