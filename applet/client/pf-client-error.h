/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void pf_client_error_normalize (GError **error);
GError *pf_client_error_new_from_name (const char *name, const char *message);

G_END_DECLS
