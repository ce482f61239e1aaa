package banks

import (
	"context"

	"qibu/internal/people"
	"qibu/internal/web/trainer/desk"
)

func (p pages) publication(ctx context.Context, who people.Actor, slug string) (desk.Publication, error) {
	pub, err := p.academy.BankPublication(ctx, who, slug)
	return desk.Publication{
		Text: textOf(pub.BankText), Base: pub.Base, Publishable: pub.Publishable(),
		Checked: checked(pub.Check, address(slug)), Consequences: consequences(pub),
	}, err
}

func (p pages) publish(ctx context.Context, who people.Actor, slug string, version int, base string) (said string, err error) {
	done, err := p.academy.PublishBank(ctx, who, slug, version, base)
	switch {
	case !done.New:
		return "bank_same", err
	case done.Rekeyed > 0:
		return "bank_rekeyed", err
	}
	return "bank_published", err
}
