/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

PfFakeNode *pf_fake_control_add_file (PfFakeKernel *kernel);

G_END_DECLS
