// Package static has the files a browser loads as they are: styles, scripts, icons.
package static

import "embed"

// FS holds css/ (one file per cascade layer, served as one), js/ (ES modules) and icons/.
//
//go:embed css js icons
var FS embed.FS
