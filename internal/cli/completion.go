package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that completes commands and flags. It is made of the command line itself, so that it cannot lag
// behind it, and asks nothing of askwell when it runs.
func (c *completionCmd) Run(a *app, k *kong.Context) error {
	words := completions(k.Model.Node)
	text := map[string]func([]completion) string{"bash": bash, "zsh": zsh, "fish": fish}[c.Shell](words)
	_, err := fmt.Fprint(a.out, text)
	return err
}

// completion is what may follow the commands of path: one word, with what it does.
type completion struct {
	path string // "", "templates"
	word string
	help string
}

func completions(root *kong.Node) []completion {
	var out []completion
	var walk func(*kong.Node, []string, []*kong.Flag)
	walk = func(n *kong.Node, path []string, flags []*kong.Flag) {
		at := strings.Join(path, " ")
		for _, child := range n.Children {
			if child.Type == kong.CommandNode && !child.Hidden {
				out = append(out, completion{at, child.Name, child.Help})
			}
		}
		flags = append(slices.Clone(flags), n.Flags...)
		for _, f := range flags {
			if !f.Hidden {
				out = append(out, completion{at, "--" + f.Name, f.Help})
			}
		}
		for _, p := range n.Positional {
			for _, word := range p.EnumSlice() {
				if p.Enum != "" {
					out = append(out, completion{at, word, p.Help})
				}
			}
		}
		for _, child := range n.Children {
			if child.Type == kong.CommandNode && !child.Hidden {
				walk(child, append(slices.Clone(path), child.Name), flags)
			}
		}
	}
	walk(root, nil, nil)
	return out
}

// byPath groups the words by the commands before them, in a fixed order.
func byPath(all []completion) (paths []string, words map[string][]completion) {
	words = map[string][]completion{}
	for _, c := range all {
		words[c.path] = append(words[c.path], c)
	}
	return slices.Sorted(maps.Keys(words)), words
}

// found is the shell's walk from the words typed to the commands among them, the same in bash and zsh.
const found = `  local at="" word
  for word in "${typed[@]}"; do
    case "$at/$word" in
%s    esac
  done
`

func walker(paths []string) string {
	var b strings.Builder
	for _, p := range paths {
		if p == "" {
			continue
		}
		before, last, ok := strings.Cut(p, " ")
		if !ok {
			before, last = "", p
		}
		fmt.Fprintf(&b, "      %q) at=%q ;;\n", before+"/"+last, p)
	}
	return fmt.Sprintf(found, b.String())
}

func bash(all []completion) string {
	paths, words := byPath(all)
	var b strings.Builder
	b.WriteString("# bash completion for askwell: source <(askwell completion bash)\n_askwell() {\n")
	b.WriteString("  local typed=(\"${COMP_WORDS[@]:1:COMP_CWORD-1}\") current=${COMP_WORDS[COMP_CWORD]} words=\"\"\n")
	b.WriteString("  if [ \"${COMP_WORDS[COMP_CWORD-1]}\" = --config ] || [ \"${COMP_WORDS[COMP_CWORD-1]}\" = -c ]; then\n" +
		"    COMPREPLY=($(compgen -f -- \"$current\"))\n    return\n  fi\n")
	b.WriteString(walker(paths))
	b.WriteString("  case \"$at\" in\n")
	for _, p := range paths {
		var list []string
		for _, c := range words[p] {
			list = append(list, c.word)
		}
		fmt.Fprintf(&b, "    %q) words=%q ;;\n", p, strings.Join(list, " "))
	}
	b.WriteString("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n" +
		"  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\ncomplete -F _askwell askwell\n")
	return b.String()
}

func zsh(all []completion) string {
	paths, words := byPath(all)
	var b strings.Builder
	b.WriteString("#compdef askwell\n# zsh completion for askwell: source <(askwell completion zsh)\n_askwell() {\n")
	b.WriteString("  local -a typed list\n  typed=(\"${(@)words[2,CURRENT-1]}\")\n")
	b.WriteString("  if [[ ${words[CURRENT-1]} == --config || ${words[CURRENT-1]} == -c ]]; then\n    _files\n    return\n  fi\n")
	b.WriteString(walker(paths))
	b.WriteString("  case \"$at\" in\n")
	for _, p := range paths {
		fmt.Fprintf(&b, "    %q) list=(\n", p)
		for _, c := range words[p] {
			fmt.Fprintf(&b, "      %s\n", single(strings.ReplaceAll(c.word, ":", `\:`)+":"+c.help))
		}
		b.WriteString("    ) ;;\n")
	}
	b.WriteString("  esac\n  _describe askwell list || _files\n}\ncompdef _askwell askwell\n")
	return b.String()
}

func fish(all []completion) string {
	paths, words := byPath(all)
	var b strings.Builder
	b.WriteString("# fish completion for askwell: askwell completion fish | source\n")
	for _, p := range paths {
		var subs []string
		for _, c := range words[p] {
			if !strings.HasPrefix(c.word, "--") {
				subs = append(subs, c.word)
			}
		}
		when := "__fish_use_subcommand"
		if p != "" {
			when = "__fish_seen_subcommand_from " + strings.ReplaceAll(p, " ", "; and __fish_seen_subcommand_from ")
			if len(subs) > 0 {
				when += "; and not __fish_seen_subcommand_from " + strings.Join(subs, " ")
			}
		}
		for _, c := range words[p] {
			flag, isFlag := strings.CutPrefix(c.word, "--")
			switch {
			case isFlag:
				fmt.Fprintf(&b, "complete -c askwell -n %s -l %s -d %s\n", single(when), flag, single(c.help))
			default:
				fmt.Fprintf(&b, "complete -c askwell -n %s -a %s -d %s\n", single(when), single(c.word), single(c.help))
			}
		}
	}
	return b.String()
}

// single is s in single quotes, as all three shells read it.
func single(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
