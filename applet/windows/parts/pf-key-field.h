/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-accel.h"

G_BEGIN_DECLS

#define PF_TYPE_KEY_FIELD (pf_key_field_get_type ())
G_DECLARE_FINAL_TYPE (PfKeyField, pf_key_field, PF, KEY_FIELD, GtkBox)

/**
 * PfKeyField:
 *
 * Asks for a key combination, which can be typed as text ("Super+F12") or pressed.
 *
 * Signals:
 *  - `changed` (PfKeyField *): there is another one, or none.
 */
GtkWidget *pf_key_field_new (void);
PfAccel *pf_key_field_get_accel (PfKeyField *field, GError **error);
GtkWidget *pf_key_field_get_entry (PfKeyField *field);

G_END_DECLS
