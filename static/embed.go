// Package static has the files a browser loads as they are: styles, scripts, icons.
package static

import "embed"

// FS holds css/ (one file per cascade layer, served as one), js/ (ES modules),
// icons/ and vendor/ (what others wrote, as they published it, with its licence).
//
//go:embed css js icons vendor
var FS embed.FS
