package render

import (
	"fmt"
	htmltemplate "html/template"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

func textTrees(t *template.Template) map[string]*parse.Tree {
	out := map[string]*parse.Tree{}
	for _, x := range t.Templates() {
		out[x.Name()] = x.Tree
	}
	return out
}

func htmlTrees(t *htmltemplate.Template) map[string]*parse.Tree {
	out := map[string]*parse.Tree{}
	for _, x := range t.Templates() {
		out[x.Name()] = x.Tree
	}
	return out
}

// check walks a template from its root and compares every field with the type it is asked of, in branches, too, that no
// trial happens to enter. Where the type cannot be known before it runs, nothing is said.
func check(root string, trees map[string]*parse.Tree, funcs template.FuncMap, dot reflect.Type) error {
	c := &checker{trees: trees, funcs: funcs, seen: map[string]bool{}}
	c.template(root, nil, nil, dot)
	return joined(c.problems)
}

type checker struct {
	trees    map[string]*parse.Tree
	funcs    template.FuncMap
	seen     map[string]bool // template and type
	problems []error
}

// scope is where the walk stands: the tree it is in, the types of dot and of the variables. A nil type is unknown.
type scope struct {
	tree *parse.Tree
	dot  reflect.Type
	vars map[string]reflect.Type
}

func (s scope) with(dot reflect.Type) scope {
	vars := map[string]reflect.Type{}
	maps.Copy(vars, s.vars)
	return scope{s.tree, dot, vars}
}

func (c *checker) problem(s scope, n parse.Node, format string, args ...any) {
	where, _ := s.tree.ErrorContext(n)
	if i := strings.LastIndexByte(where, ':'); i > 0 { // FILE:LINE:COLUMN
		where = where[:i]
	}
	c.problems = append(c.problems, fmt.Errorf("%s: "+format, append([]any{where}, args...)...))
}

func (c *checker) template(name string, at parse.Node, from *scope, dot reflect.Type) {
	tree := c.trees[name]
	if tree == nil || tree.Root == nil {
		if from != nil {
			c.problem(*from, at, "there is no template %q", name)
		}
		return
	}
	key := name + " " + fmt.Sprint(dot)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.list(tree.Root, scope{tree, dot, map[string]reflect.Type{"$": dot}})
}

func (c *checker) list(l *parse.ListNode, s scope) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			c.pipe(n.Pipe, s)
		case *parse.IfNode:
			in := s.with(s.dot)
			c.pipe(n.Pipe, in)
			c.list(n.List, in)
			c.list(n.ElseList, in)
		case *parse.WithNode:
			in := s.with(s.dot)
			t := c.pipe(n.Pipe, in)
			c.list(n.List, in.with(t))
			c.list(n.ElseList, in)
		case *parse.RangeNode:
			c.loop(n, s)
		case *parse.TemplateNode:
			var dot reflect.Type
			if n.Pipe != nil {
				dot = c.pipe(n.Pipe, s)
			}
			c.template(n.Name, n, &s, dot)
		}
	}
}

func (c *checker) loop(n *parse.RangeNode, s scope) {
	in := s.with(s.dot)
	var elem, index reflect.Type
	if t := c.pipe(n.Pipe, in); t != nil {
		switch t.Kind() {
		case reflect.Slice, reflect.Array:
			elem, index = t.Elem(), reflect.TypeFor[int]()
		case reflect.Map:
			elem, index = t.Elem(), t.Key()
		case reflect.Int:
			elem, index = t, t
		default:
			c.problem(s, n, "%s is no list to range over", n.Pipe)
		}
	}
	body := in.with(elem)
	switch d := n.Pipe.Decl; len(d) {
	case 1:
		body.vars[d[0].Ident[0]] = elem
	case 2:
		body.vars[d[0].Ident[0]], body.vars[d[1].Ident[0]] = index, elem
	}
	c.list(n.List, body)
	c.list(n.ElseList, in)
}

// pipe returns the type of what a pipeline yields and enters the variables it declares.
func (c *checker) pipe(p *parse.PipeNode, s scope) reflect.Type {
	if p == nil {
		return nil
	}
	var t reflect.Type
	for i, cmd := range p.Cmds {
		t = c.command(cmd, s, i > 0)
	}
	for _, d := range p.Decl {
		s.vars[d.Ident[0]] = t
	}
	return t
}

func (c *checker) command(cmd *parse.CommandNode, s scope, piped bool) reflect.Type {
	types := make([]reflect.Type, len(cmd.Args))
	for i, a := range cmd.Args {
		types[i] = c.arg(a, s)
	}
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok {
		return types[0]
	}
	f := reflect.ValueOf(c.funcs[id.Ident])
	if !f.IsValid() { // a function of text/template
		if slices.Contains([]string{"or", "and"}, id.Ident) && len(types) > 1 {
			return types[1]
		}
		return nil
	}
	given := len(types) - 1
	if piped {
		given++
	}
	if ft := f.Type(); !ft.IsVariadic() && ft.NumIn() != given {
		c.problem(s, cmd, "%s takes %d values, not %d", id.Ident, ft.NumIn(), given)
	}
	return f.Type().Out(0)
}

func (c *checker) arg(n parse.Node, s scope) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return c.fields(n, s, s.dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, s, s.vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, s, c.arg(n.Node, s), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, s)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	case *parse.BoolNode:
		return reflect.TypeFor[bool]()
	}
	return nil
}

// fields follows .A.B from t.
func (c *checker) fields(n parse.Node, s scope, t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			c.problem(s, n, "there is no .%s here: %s has no fields", name, t)
			return nil
		}
		f, ok := t.FieldByName(name)
		if !ok || !f.IsExported() {
			known := fieldNames(t)
			c.problem(s, n, "there is no .%s here; nearest is .%s; there are .%s", name, nearest(name, known), strings.Join(known, ", ."))
			return nil
		}
		t = f.Type
	}
	return t
}

func fieldNames(t reflect.Type) []string {
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			out = append(out, f.Name)
		}
	}
	return out
}
