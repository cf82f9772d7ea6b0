/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_LABELS_MAX_LENGTH 64 /* characters */

#define PF_TYPE_LABELS (pf_labels_get_type ())
G_DECLARE_FINAL_TYPE (PfLabels, pf_labels, PF, LABELS, GObject)

PfLabels *pf_labels_new (const char *config);
char *pf_labels_get (PfLabels *labels, const char *router, const char *port);
gboolean
pf_labels_set (PfLabels *labels, const char *router, const char *port, const char *label, GError **error);

G_END_DECLS
