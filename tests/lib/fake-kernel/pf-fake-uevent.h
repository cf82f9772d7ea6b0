/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

PfFakeUevent *pf_fake_uevent_new (GError **error);
void pf_fake_uevent_free (PfFakeUevent *uevent);
void pf_fake_uevent_send (PfFakeKernel *kernel,
                          const char *action,
                          PfFakeNode *device,
                          const char *subsystem,
                          const char *environment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeUevent, pf_fake_uevent_free)

G_END_DECLS
