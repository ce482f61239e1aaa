package academy

import (
	"os"
	"testing"

	"qibu/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }
