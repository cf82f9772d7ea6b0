/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PF_ACCEL_SHIFT = 1 << 0,
  PF_ACCEL_CONTROL = 1 << 1,
  PF_ACCEL_ALT = 1 << 2,
  PF_ACCEL_SUPER = 1 << 3,
} PfAccelModifiers;

/**
 * PfAccel:
 * @modifiers: what is held
 * @key: the X keysym's name, a letter in lower case: "F12", "m", "Pause"
 *
 * A key combination. Each desktop writes it in another way.
 */
typedef struct
{
  PfAccelModifiers modifiers;
  char *key;
} PfAccel;

PfAccel *pf_accel_parse (const char *text, GError **error);
PfAccel *pf_accel_parse_loosely (const char *text);
PfAccel *pf_accel_new_from_qt (gint32 code);
PfAccel *pf_accel_copy (const PfAccel *accel);
gboolean pf_accel_equal (const PfAccel *a, const PfAccel *b);
char *pf_accel_to_gtk (const PfAccel *accel);
char *pf_accel_to_words (const PfAccel *accel);
char *pf_accel_to_sway (const PfAccel *accel);
char *pf_accel_to_hyprland (const PfAccel *accel);
char *pf_accel_to_lxqt (const PfAccel *accel);
char *pf_accel_to_portal (const PfAccel *accel);
gboolean pf_accel_to_qt (const PfAccel *accel, gint32 *code, GError **error);
void pf_accel_free (PfAccel *accel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAccel, pf_accel_free)

G_END_DECLS
