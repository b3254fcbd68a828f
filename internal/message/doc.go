// Package message reads and writes Internet mail (RFC 5322, RFC 2045 to 2049).
//
// Reading never fails: Parse takes any bytes and gives the best Message that can be made of them, with Problems
// naming what was wrong. It has bounds (depth, parts, header bytes, text bytes, bytes read), works in linear time and
// never panics, so that one odd mail cannot stop a mailbox. Text gives what a person would read.
//
// Writing is strict: Compose refuses whatever could break out of its field, and equal drafts give equal bytes.
//
// The package is pure: no clock, no network, no files, no state.
package message
