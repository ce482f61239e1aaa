package academy

import (
	"bytes"
	"context"
	"fmt"

	"qibu/internal/cert/pdf"
	"qibu/internal/people"
)

// CertificatePDF returns a certificate as a PDF document, its verification
// address made absolute with base.
func (a *Academy) CertificatePDF(ctx context.Context, who people.Actor, number, base string) ([]byte, error) {
	c, err := a.Certificate(ctx, who, number)
	if err != nil {
		return nil, err
	}
	c.VerifyURL = base + c.VerifyURL
	var out bytes.Buffer
	if err := pdf.Certificate(&out, c.Certificate); err != nil {
		return nil, fmt.Errorf("draw certificate %s: %w", c.Number, err)
	}
	return out.Bytes(), nil
}
