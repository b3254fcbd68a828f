// Command askwell asks people for twenty minutes, thanks them and stays in touch, by mail.
package main

import (
	"context"
	"os"

	"askwell/internal/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
