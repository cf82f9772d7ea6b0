/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

typedef struct _PfFakeFuse PfFakeFuse;

PfFakeFuse *
pf_fake_fuse_mount (PfFakeKernel *kernel, const char *mount_point, uid_t root_uid, GError **error);
gboolean pf_fake_fuse_detach (gboolean foreground);
void pf_fake_fuse_run (PfFakeFuse *fuse);
void pf_fake_fuse_free (PfFakeFuse *fuse);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeFuse, pf_fake_fuse_free)

G_END_DECLS
