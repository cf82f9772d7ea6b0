/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-text.h"

G_BEGIN_DECLS

#define PF_ORIGIN_GUEST "guest"
#define PF_ORIGIN_MAX_VM PF_TEXT_MAX_NAME

gboolean pf_origin_vm_is_valid (const char *vm);
char *pf_origin_new (const char *origin, const char *vm);
gboolean pf_origin_is_guest (const char *origin);
const char *pf_origin_get_vm (const char *origin);

G_END_DECLS
