package people

import (
	"encoding/csv"
	"io"
	"strings"
)

// csvHeader are the columns of WriteCSV.
var csvHeader = []string{
	"name", "address", "other addresses", "closeness", "role", "organisation", "field", "timezone", "referred_by", "stage", "note",
}

// WriteCSV writes a table that Read and every spreadsheet reads, in UTF-8 with commas.
func WriteCSV(w io.Writer, list []Person) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	for _, p := range list {
		first, others := "", []string(nil)
		for i, a := range p.Addresses {
			if i == 0 {
				first = string(a)
			} else {
				others = append(others, string(a))
			}
		}
		row := []string{
			p.Name, first, strings.Join(others, " "), p.Closeness, p.Role, p.Organisation, p.Field, p.Timezone, p.Via, p.Stage,
			p.Note,
		}
		for i, cell := range row {
			row[i] = guard(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// guard keeps a spreadsheet from running a cell as a formula: names and notes come from mails of strangers.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// unguard takes guard's apostrophe off.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
