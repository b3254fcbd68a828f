package store_test

import (
	"context"
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"askwell/internal/store"
)

// seldom are the queries that may read everything: a person asked for all of it, or it happens once in a long while.
var seldom = []string{
	"FROM contacts WHERE mailbox_id = $1 ORDER BY contact_id", // list, export
	"name_key LIKE",                      // a part of a name, in a command
	"SELECT state, COUNT(*) FROM outbox", // status
	"substr(cause, 1, $2)",               // undo without a number: backwards to the last command
	"FROM events WHERE mailbox_id = $1 ORDER BY seq DESC LIMIT", // history, with a limit
	"FROM settings", "FROM cursors", "FROM incidents", "FROM leases", // a handful of rows
	"FROM mailboxes", "stage_counts", "FROM sqlite_schema",
}

// TestNoQueryReadsEverything asks SQLite how it would run every query of this room: each must search by more than the
// mailbox, or follow an index in its order up to a limit.
func TestNoQueryReadsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	queries := queriesOf(t)
	if len(queries) < 60 {
		t.Fatalf("only %d queries were found", len(queries))
	}
	for _, q := range queries {
		if containsAny(q, seldom) {
			continue
		}
		for _, step := range plan(t, db, q) {
			whole := strings.HasPrefix(step, "SCAN ") && !strings.HasPrefix(step, "SCAN CONSTANT") ||
				strings.HasSuffix(step, "(mailbox_id=?)") && !(strings.Contains(q, "ORDER BY") && strings.Contains(q, "LIMIT")) && !strings.Contains(q, "MAX(")
			if whole {
				t.Errorf("%s\n  %s", step, strings.Join(strings.Fields(q), " "))
			}
		}
	}
}

func containsAny(q string, parts []string) bool {
	flat := strings.Join(strings.Fields(q), " ")
	for _, p := range parts {
		if strings.Contains(flat, p) {
			return true
		}
	}
	return false
}

func plan(t *testing.T, db *sql.DB, q string) (steps []string) {
	t.Helper()
	n := 0
	for i := range 40 {
		if strings.Contains(q, "$"+strconv.Itoa(i+1)) {
			n = i + 1
		}
	}
	rows, err := db.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+q, make([]any, n)...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b, c int
		var step string
		if err := rows.Scan(&a, &b, &c, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// queriesOf reads the queries out of the source of this room.
func queriesOf(t *testing.T) (queries []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	consts := map[string]string{}
	var parsed []*ast.File
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed = append(parsed, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if value, ok := text(v.Values[0], consts); ok {
					consts[v.Names[0].Name] = value
				}
			}
			return true
		})
	}
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				fun, ok := n.Fun.(*ast.SelectorExpr)
				if ok && (fun.Sel.Name == "mails" || fun.Sel.Name == "mail") {
					where, _ := text(n.Args[whereAt(fun.Sel.Name)], consts)
					queries = append(queries, "SELECT "+consts["mailColumns"]+" FROM outbox WHERE mailbox_id = $1 AND "+where)
					return false
				}
			case *ast.BinaryExpr, *ast.BasicLit:
				e, isExpr := n.(ast.Expr)
				q, ok := text(e, consts)
				if verb, _, _ := strings.Cut(q, " "); isExpr && ok && (verb == "SELECT" || verb == "UPDATE" || verb == "DELETE") && !strings.HasSuffix(q, "AND ") {
					queries = append(queries, q)
				}
				return false
			}
			return true
		})
	}
	return queries
}

func whereAt(name string) int {
	if name == "mails" {
		return 1
	}
	return 0
}

// text is the value of a string expression.
func text(e ast.Expr, consts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		s, ok := consts[e.Name]
		return s, ok
	case *ast.BinaryExpr:
		a, ok := text(e.X, consts)
		b, ok2 := text(e.Y, consts)
		return a + b, ok && ok2
	}
	return "", false
}
