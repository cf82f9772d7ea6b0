/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define FUSE_USE_VERSION 312

#include <fuse_lowlevel.h>

#include "pf-fake-node.h"

G_BEGIN_DECLS

gboolean pf_fake_access_is_privileged (fuse_req_t request, uid_t root_uid);
gboolean pf_fake_access_is_allowed (fuse_req_t request, uid_t root_uid, const PfFakeNode *node, int wanted);

G_END_DECLS
