package web

import (
	"slices"

	"qibu/internal/academy"
	"qibu/internal/web/account"
	"qibu/internal/web/admin"
	"qibu/internal/web/hr"
	"qibu/internal/web/learner/exam"
	"qibu/internal/web/learner/study"
	"qibu/internal/web/page"
)

// allRoutes is every address of the product, audience by audience.
func allRoutes(a *academy.Academy) []page.Route {
	return slices.Concat(
		account.Routes(a),
		study.Routes(a),
		exam.Routes(a),
		admin.Routes(a),
		hr.Routes(a),
	)
}
