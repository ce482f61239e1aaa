// Package content embeds the curriculum that ships with Qibu.
package content

import "embed"

// FS holds catalogue.yaml and the folders beside this file.
//
//go:embed catalogue.yaml all:courses all:quizzes all:scenarios all:certifications all:sources all:help
var FS embed.FS
