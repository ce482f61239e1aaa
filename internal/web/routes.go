package web

import (
	"slices"

	"qibu/internal/academy"
	"qibu/internal/web/account"
	"qibu/internal/web/admin"
	"qibu/internal/web/hr"
	"qibu/internal/web/learner/certificates"
	"qibu/internal/web/learner/exam"
	"qibu/internal/web/learner/notice"
	"qibu/internal/web/learner/practice"
	"qibu/internal/web/learner/record"
	"qibu/internal/web/learner/rehearsal"
	"qibu/internal/web/learner/sitting"
	"qibu/internal/web/learner/study"
	"qibu/internal/web/page"
	"qibu/internal/web/public/verification"
	"qibu/internal/web/trainer"
	"qibu/internal/web/trainer/banks"
	"qibu/internal/web/trainer/bay"
	"qibu/internal/web/trainer/items"
	"qibu/internal/web/trainer/marking"
	"qibu/internal/web/trainer/recordings"
	"qibu/internal/web/trainer/regrades"
	"qibu/internal/web/trainer/scripts"
	"qibu/internal/web/trainer/sittings"
	"qibu/internal/web/trainer/story"
)

// allRoutes is every address of the product, audience by audience.
func allRoutes(a *academy.Academy) []page.Route {
	return slices.Concat(
		account.Routes(a),
		study.Routes(a),
		exam.Routes(a),
		record.Routes(a),
		practice.Routes(a),
		notice.Routes(a),
		sitting.Routes(a),
		rehearsal.Routes(a),
		certificates.Routes(a),
		trainer.Routes(a),
		bay.Routes(a),
		scripts.Routes(a),
		regrades.Routes(a),
		banks.Routes(a),
		story.Routes(a),
		recordings.Routes(a),
		sittings.Routes(a),
		marking.Routes(a),
		items.Routes(a),
		admin.Routes(a),
		hr.Routes(a),
		verification.Routes(a),
	)
}
