/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *pf_fake_drivers_find (guint32 id, guint32 class_code);
const char *pf_fake_drivers_find_module (const char *driver);

G_END_DECLS
