package people

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"askwell/internal/command"
	"askwell/internal/message"
)

// column is what a column of a table holds.
type column uint8

const (
	colNone column = iota
	colName
	colFirst
	colMiddle
	colLast
	colEmail
	colRole
	colOrganisation
	colField
	colCloseness
	colTimezone
	colVia
	colStage
	colNote
	colURL
)

// headers are the names that columns have, folded by header. What ends in "*" matches as a prefix.
var headers = func() map[string]column {
	m := map[string]column{}
	for col, list := range map[column]string{
		colName: `name|full name|fullname|display name|displayname|contact|contact name|person|vollstandiger name|anzeigename|
			kontakt|nom complet|nom affiche|nom a afficher|nombre completo|nombre para mostrar|contacto`,
		colFirst:  `first name|firstname|first|given name|givenname|forename|vorname|prenom|nombre|nombre de pila|primer nombre`,
		colMiddle: `middle name|additional name|second name|weitere vornamen|zweiter vorname|deuxieme prenom|segundo nombre`,
		colLast: `last name|lastname|last|family name|familyname|surname|nachname|familienname|zuname|nom de famille|apellido|
			apellidos|primer apellido`,
		colEmail: `email|e mail|mail|emails|e mails|email address|e mail address|mail address|emailaddress|address|addresses|
			email 1 value|e mail 1 value|primary email|home email|work email|personal email|business email|e mail adresse|
			email adresse|mailadresse|emailadresse|adresse e mail|adresse email|adresse mail|adresse electronique|
			adresse de messagerie|courriel|correo|correo electronico|direccion de correo|direccion de correo electronico|
			direccion de e mail|e mail privat|e mail geschaftlich|other addresses|private email`,
		colRole: `role|job title|jobtitle|position|job|occupation|profession|organization 1 title|organization title|
			organisation 1 title|title|funktion|beruf|stelle|rolle|tatigkeit|jobbezeichnung|berufsbezeichnung|poste|fonction|
			metier|titre|intitule du poste|cargo|puesto|profesion|rol|ocupacion`,
		colOrganisation: `organisation|organization|company|company name|employer|firm|org|organization 1 name|
			organization name|organisation 1 name|firma|unternehmen|arbeitgeber|entreprise|societe|employeur|empresa|
			organizacion|compania|institution`,
		colField: `field|industry|area|sector|branche|bereich|gebiet|fachgebiet|secteur|domaine|campo|industria|area de trabajo`,
		colCloseness: `closeness|relation|relationship|group membership|labels|label|groups|group|categories|category|
			beziehung|nahe|kategorien|kategorie|gruppen|gruppe|gruppenmitgliedschaft|proximite|categories de contact|groupe|
			groupes|libelles|relacion|cercania|categorias|categoria|grupos|grupo|etiquetas`,
		colTimezone: `timezone|time zone|tz|zeitzone|fuseau horaire|zona horaria|huso horario`,
		colVia: `via|referred by|referred_by|referrer|referral|introduced by|recommended by|empfohlen von|vermittelt durch|
			recommande par|par|recomendado por|referido por|por`,
		colStage: `stage`,
		colNote: `note|notes|comment|comments|remark|remarks|notiz|notizen|bemerkung|bemerkungen|kommentar|remarque|
			remarques|commentaire|commentaires|nota|notas|comentario|comentarios|observaciones`,
		colURL: `url|linkedin|linkedin url|profile|profile url|website|webseite|site web|sitio web`,
	} {
		for h := range strings.SplitSeq(list, "|") {
			m[strings.TrimSpace(h)] = col
		}
	}
	return m
}()

// header is a column's name as headers has it.
func header(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_:.*()/'’\"#", r) {
			return ' '
		}
		return r
	}, message.FoldName(s))
	return strings.Join(strings.Fields(s), " ")
}

// columns reads the first row of a table; ok is false if it is none.
func columns(row []string) (cols []column, ok bool) {
	cols = make([]column, len(row))
	seen := map[string]bool{}
	for i, h := range row {
		h = header(h)
		seen[h] = true
		cols[i] = headers[h]
		// "E-mail 2 - Value", "E-Mail-Adresse 3", "Adresse de messagerie 2"
		if cols[i] == colNone {
			bare := strings.Join(strings.FieldsFunc(h, func(r rune) bool { return r == ' ' || '0' <= r && r <= '9' }), " ")
			bare = strings.TrimSuffix(bare, " value")
			if headers[bare] == colEmail && bare != "address" && bare != "mail address" {
				cols[i] = colEmail
			}
		}
	}
	known := 0
	named, addressed := false, false
	for i, c := range cols {
		h := header(row[i])
		switch {
		case c == colRole && h == "title" && (seen["job title"] || seen["organization title"] || seen["suffix"]): // Mr, Dr
			c = colNone
		case c == colName && h == "name" && (seen["vorname"] || seen["first name"] || seen["given name"] && seen["family name"]):
			if seen["vorname"] || !seen["last name"] && !seen["family name"] {
				c = colLast
			}
		case h == "nom" && seen["prenom"]:
			c = colLast
		case h == "nom":
			c = colName
		case h == "nombre" && !seen["apellido"] && !seen["apellidos"] && !seen["primer apellido"]:
			c = colName
		}
		cols[i] = c
		if c != colNone {
			known++
		}
		named = named || c == colName || c == colFirst || c == colLast
		addressed = addressed || c == colEmail
	}
	for _, cell := range row { // a row of data names no columns
		if strings.Contains(cell, "@") && len(addressesIn(cell)) > 0 {
			return nil, false
		}
	}
	return cols, known >= 2 && (named || addressed) || known == 1 && len(row) <= 2 && (named || addressed)
}

// maxPreamble is how many rows may stand above the names of the columns.
const maxPreamble = 30

// readTable reads a table, or a list of one person a line.
func readTable(text string) (Import, error) {
	for _, delimiter := range delimiters(text) {
		if im, ok, err := readColumns(text, delimiter); err != nil || ok {
			return im, err
		}
	}
	return readList(text)
}

// delimiters are those that occur, the likeliest first.
func delimiters(text string) []rune {
	head := text[:min(len(text), 64<<10)]
	if first, _, _ := strings.Cut(head, "\n"); strings.HasPrefix(strings.ToLower(first), "sep=") && len(first) >= 5 {
		return []rune{rune(first[4])}
	}
	best := []rune{',', ';', '\t'}
	count := func(r rune) int {
		most := 0
		for i, line := range strings.SplitN(head, "\n", maxPreamble+1) {
			if i < maxPreamble {
				most = max(most, strings.Count(line, string(r)))
			}
		}
		return most
	}
	for i := 1; i < len(best); i++ {
		for j := i; j > 0 && count(best[j]) > count(best[j-1]); j-- {
			best[j], best[j-1] = best[j-1], best[j]
		}
	}
	return best
}

// readColumns reads a table with named columns; ok is false if none are found.
func readColumns(text string, delimiter rune) (im Import, ok bool, err error) {
	if delimiter == '"' || delimiter == '\n' || delimiter < ' ' && delimiter != '\t' {
		return Import{}, false, nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = delimiter, true, -1, delimiter != '\t'
	im.Format = "csv"
	var cols []column
	for rows := 0; ; rows++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return im, cols != nil, nil
		}
		if err != nil {
			if cols == nil {
				return Import{}, false, nil
			}
			var bad *csv.ParseError
			if !errors.As(err, &bad) {
				return Import{}, false, err
			}
			im.leave(bad.Line, "the row cannot be read: "+bad.Err.Error())
			continue
		}
		line, _ := r.FieldPos(0)
		switch {
		case cols == nil && rows > maxPreamble:
			return Import{}, false, nil
		case cols == nil:
			if c, ok := columns(row); ok {
				cols = c
				if isLinkedIn(row) {
					im.Format = "linkedin"
				}
			}
		case empty(row):
		default:
			p := rowPerson(row, cols)
			p.Line = line
			im.take(p)
		}
	}
}

func isLinkedIn(row []string) bool {
	n := 0
	for _, h := range row {
		switch header(h) {
		case "connected on", "url", "first name", "position":
			n++
		}
	}
	return n == 4
}

func empty(row []string) bool {
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// rowPerson reads one row.
func rowPerson(row []string, cols []column) Person {
	var p Person
	var first, middle, last, url string
	set := func(to *string, v string) {
		if *to == "" {
			*to = v
		}
	}
	for i, cell := range row {
		if i >= len(cols) {
			break
		}
		cell = strings.TrimSpace(unguard(cell))
		if cell == "" {
			continue
		}
		switch cols[i] {
		case colName:
			set(&p.Name, cell)
		case colFirst:
			set(&first, cell)
		case colMiddle:
			set(&middle, cell)
		case colLast:
			set(&last, cell)
		case colEmail:
			p.Addresses = append(p.Addresses, addressesIn(cell)...)
		case colRole:
			set(&p.Role, cell)
		case colOrganisation:
			set(&p.Organisation, cell)
		case colField:
			set(&p.Field, cell)
		case colCloseness:
			set(&p.Closeness, closenessIn(cell))
		case colTimezone:
			set(&p.Timezone, cell)
		case colVia:
			set(&p.Via, cell)
		case colStage:
			set(&p.Stage, cell)
		case colNote:
			p.Note = strings.TrimSpace(p.Note + "\n" + cell)
		case colURL:
			set(&url, cell)
		case colNone:
		}
	}
	if first != "" || last != "" {
		last, _, _ = strings.Cut(last, ",") // "Doe, PhD"
		p.Name = strings.Join(strings.Fields(first+" "+middle+" "+last), " ")
	}
	if p.Note == "" && strings.HasPrefix(url, "http") && len(p.Addresses) == 0 {
		p.Note = url
	}
	return p
}

// readList reads one person a line, as they are written behind "add", or a row of cells without names.
func readList(text string) (Import, error) {
	im := Import{Format: "list"}
	if !strings.Contains(text, "@") {
		return Import{}, errNobody
	}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		if len(line) > 4000 {
			im.leave(n, "the line is too long")
			continue
		}
		found, rest := command.Describe(strings.ReplaceAll(line, "\t", ", "))
		if len(found) == 0 || found[0].Address == "" {
			im.leave(n, "no address in it: "+cut(strings.TrimSpace(line), 40))
			continue
		}
		for i, f := range found {
			p := Person{
				Name: f.Name, Closeness: f.Closeness, Role: f.Role, Organisation: f.Organisation, Field: f.Field, Via: f.Via,
				Addresses: []message.Address{f.Address}, Line: n,
			}
			if i == len(found)-1 {
				p.Addresses = append(p.Addresses, addressesIn(rest)...)
				if len(p.Addresses) == 1 {
					p.Note = rest
				}
			}
			im.take(p)
		}
	}
	if len(im.People) == 0 {
		return Import{}, errNobody
	}
	return im, nil
}
