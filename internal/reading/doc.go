// Package reading says what a message means: what its sender newly wrote,
// whether a person or a machine wrote it, what the person wants, and which
// times and people they name.
//
// The order is always the same. First the newly written text is cut out of the
// message (NewText, NewTextOf): quotes, signatures, disclaimers and footers
// never count. Then the kind is judged, strongest evidence first: a delivery
// report, a calendar object, the headers of automatic mail, then wording. Only
// what is left is a reply by a person and gets an intent.
//
// Precision comes first everywhere. Nobody who answered may be taken for a
// machine, and an intent or a time that is not clear is not claimed: the intent
// is then Unclear, and the time is left out. Every judgement adds its reason, in
// words, to Reading.Why.
//
// Dates in text are read by one grammar (FindTimes, ParseWhen), which the
// owner's commands use as well. What it reads is a proposal to confirm.
//
// The package is pure: no clock, no files, no network. Everything in it is
// bounded in input (the first 64 kB of the newly written text are judged),
// linear in time, and returns something usable for any bytes.
package reading
