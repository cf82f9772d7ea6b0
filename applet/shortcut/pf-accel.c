/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-accel.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "pf-error.h"

#define MAX_LENGTH 128

static const struct
{
  const char *name;
  PfAccelModifiers modifier;
} modifier_names[] = {
  { "shift", PF_ACCEL_SHIFT },     { "ctrl", PF_ACCEL_CONTROL }, { "control", PF_ACCEL_CONTROL },
  { "primary", PF_ACCEL_CONTROL }, { "ctl", PF_ACCEL_CONTROL },  { "alt", PF_ACCEL_ALT },
  { "mod1", PF_ACCEL_ALT },        { "super", PF_ACCEL_SUPER },  { "mod4", PF_ACCEL_SUPER },
  { "meta", PF_ACCEL_SUPER },      { "logo", PF_ACCEL_SUPER },   { "win", PF_ACCEL_SUPER },
};

/* The keys of Qt that are no printable characters; Qt::Key in Qt 5 and 6 (qnamespace.h). */
static const struct
{
  const char *name;
  gint32 code;
} qt_keys[] = {
  { "Escape", 0x01000000 },
  { "Tab", 0x01000001 },
  { "BackSpace", 0x01000003 },
  { "Return", 0x01000004 },
  { "Insert", 0x01000006 },
  { "Delete", 0x01000007 },
  { "Pause", 0x01000008 },
  { "Print", 0x01000009 },
  { "Home", 0x01000010 },
  { "End", 0x01000011 },
  { "Left", 0x01000012 },
  { "Up", 0x01000013 },
  { "Right", 0x01000014 },
  { "Down", 0x01000015 },
  { "Page_Up", 0x01000016 },
  { "Page_Down", 0x01000017 },
  { "Caps_Lock", 0x01000024 },
  { "Num_Lock", 0x01000025 },
  { "Scroll_Lock", 0x01000026 },
  { "Menu", 0x01000055 },
  { "space", 0x20 },
  { "grave", 0x60 },
  { "minus", 0x2d },
  { "equal", 0x3d },
  { "comma", 0x2c },
  { "period", 0x2e },
  { "slash", 0x2f },
  { "semicolon", 0x3b },
  { "apostrophe", 0x27 },
  { "bracketleft", 0x5b },
  { "bracketright", 0x5d },
  { "backslash", 0x5c },
};

static const struct
{
  PfAccelModifiers modifier;
  gint32 code;
} qt_modifiers[] = {
  { PF_ACCEL_SHIFT, 0x02000000 },
  { PF_ACCEL_CONTROL, 0x04000000 },
  { PF_ACCEL_ALT, 0x08000000 },
  { PF_ACCEL_SUPER, 0x10000000 },
};

#define QT_F1 0x01000030
#define QT_KEY_MASK 0x01ffffff

static gboolean
add_modifier (PfAccel *accel, const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modifier_names); i++)
    if (strlen (modifier_names[i].name) == length
        && g_ascii_strncasecmp (modifier_names[i].name, name, length) == 0)
      {
        accel->modifiers |= modifier_names[i].modifier;
        return TRUE;
      }
  return FALSE;
}

/* Takes "<Control><Alt>" or "Ctrl+Alt+" off the start of @text. */
static const char *
take_modifiers (PfAccel *accel, const char *text)
{
  const char *end;

  while ((*text == '<' && (end = strchr (text, '>')) != NULL) || (end = strchr (text, '+')) != NULL)
    {
      gboolean bracket = *text == '<';

      if (!add_modifier (accel, text + bracket, end - text - bracket))
        break;
      text = end + 1;
    }
  return text;
}

static gboolean
is_key_name (const char *text)
{
  if (*text == '\0' || strlen (text) > MAX_LENGTH / 2)
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '_')
      return FALSE;
  return TRUE;
}

/* A key that types something, or moves the cursor, belongs to the program in front. */
static gboolean
needs_modifier (const char *key)
{
  static const char *const free_keys[] = { "Pause", "Scroll_Lock", "Print", "Menu", NULL };

  return !(key[0] == 'F' && g_ascii_isdigit (key[1])) && !g_str_has_prefix (key, "XF86")
         && !g_strv_contains (free_keys, key);
}

/**
 * pf_accel_parse_loosely:
 * @text: what a desktop's settings say
 *
 * Returns: (transfer full) (nullable): the key combination; NULL where it is none, such as "disabled"
 */
PfAccel *
pf_accel_parse_loosely (const char *text)
{
  g_autoptr (PfAccel) accel = g_new0 (PfAccel, 1);
  const char *key;

  if (strlen (text) > MAX_LENGTH)
    return NULL;
  key = take_modifiers (accel, text);
  if (!is_key_name (key))
    return NULL;
  accel->key = key[1] == '\0' ? g_ascii_strdown (key, -1) : g_strdup (key);
  return g_steal_pointer (&accel);
}

/**
 * pf_accel_parse:
 * @text: what a person typed: "<Super>F12", "Ctrl+Alt+m"
 * @error: PF_ERROR_INVALID_ARGUMENT, with an example
 *
 * Returns: (transfer full): a key combination that can be a global one
 */
PfAccel *
pf_accel_parse (const char *text, GError **error)
{
  g_autoptr (PfAccel) accel = pf_accel_parse_loosely (text);

  if (accel == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is no key combination. For example: Super+F12, or Ctrl+Alt+m."), text);
      return NULL;
    }
  if (needs_modifier (accel->key) && (accel->modifiers & ~PF_ACCEL_SHIFT) == 0)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” alone would be taken from every program. Add Super, Ctrl or Alt."), text);
      return NULL;
    }
  return g_steal_pointer (&accel);
}

gboolean
pf_accel_equal (const PfAccel *a, const PfAccel *b)
{
  return a->modifiers == b->modifiers && g_ascii_strcasecmp (a->key, b->key) == 0;
}

/* --- As others write it --- */

/* The name of a modifier, in the order in which they are to be written. */
typedef struct
{
  PfAccelModifiers modifier;
  const char *name;
} ModifierName;

#define N_MODIFIERS 4

static char *
format (const PfAccel *accel, const ModifierName names[N_MODIFIERS], const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < N_MODIFIERS; i++)
    if (accel->modifiers & names[i].modifier)
      g_string_append_printf (text, "%s%s", names[i].name, separator);
  g_string_append (text, accel->key);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * pf_accel_to_gtk:
 *
 * Returns: (transfer full): "<Primary><Super>F12", as gtk_accelerator_name() orders it, and with it GNOME,
 * MATE, Cinnamon and Xfce
 */
char *
pf_accel_to_gtk (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_CONTROL, "<Primary>" },
                                                   { PF_ACCEL_SHIFT, "<Shift>" },
                                                   { PF_ACCEL_ALT, "<Alt>" },
                                                   { PF_ACCEL_SUPER, "<Super>" } };

  return format (accel, names, "");
}

/**
 * pf_accel_to_words:
 *
 * Returns: (transfer full): "Super+Ctrl+F12", for people
 */
char *
pf_accel_to_words (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_SUPER, "Super" },
                                                   { PF_ACCEL_CONTROL, "Ctrl" },
                                                   { PF_ACCEL_ALT, "Alt" },
                                                   { PF_ACCEL_SHIFT, "Shift" } };
  g_autofree char *text = format (accel, names, "+");
  gsize length = strlen (text);

  if (accel->key[1] == '\0')
    text[length - 1] = g_ascii_toupper (text[length - 1]);
  return g_steal_pointer (&text);
}

/* Returns: (transfer full): "Mod4+Ctrl+F12", as i3 and sway write it */
char *
pf_accel_to_sway (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_SUPER, "Mod4" },
                                                   { PF_ACCEL_CONTROL, "Ctrl" },
                                                   { PF_ACCEL_ALT, "Mod1" },
                                                   { PF_ACCEL_SHIFT, "Shift" } };

  return format (accel, names, "+");
}

/* Returns: (transfer full): "SUPER CTRL, F12" */
char *
pf_accel_to_hyprland (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_SUPER, "SUPER" },
                                                   { PF_ACCEL_CONTROL, "CTRL" },
                                                   { PF_ACCEL_ALT, "ALT" },
                                                   { PF_ACCEL_SHIFT, "SHIFT" } };
  PfAccel modifiers = { accel->modifiers, (char *) "" };
  g_autofree char *text = format (&modifiers, names, " ");

  return g_strdup_printf ("%s, %s", g_strchomp (text), accel->key);
}

/* Returns: (transfer full): "Meta+Control+F12", as lxqt-globalkeysd reads it */
char *
pf_accel_to_lxqt (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_SUPER, "Meta" },
                                                   { PF_ACCEL_CONTROL, "Control" },
                                                   { PF_ACCEL_ALT, "Alt" },
                                                   { PF_ACCEL_SHIFT, "Shift" } };

  return format (accel, names, "+");
}

/* Returns: (transfer full): "LOGO+CTRL+F12", as the XDG shortcuts specification writes it */
char *
pf_accel_to_portal (const PfAccel *accel)
{
  static const ModifierName names[N_MODIFIERS] = { { PF_ACCEL_SUPER, "LOGO" },
                                                   { PF_ACCEL_CONTROL, "CTRL" },
                                                   { PF_ACCEL_ALT, "ALT" },
                                                   { PF_ACCEL_SHIFT, "SHIFT" } };

  return format (accel, names, "+");
}

static gint32
find_qt_key (const char *key)
{
  int number = key[0] == 'F' && key[1] != '\0' ? atoi (key + 1) : 0;

  if (number >= 1 && number <= 35)
    return QT_F1 + number - 1;
  if (key[1] == '\0' && g_ascii_isalnum (key[0]))
    return g_ascii_toupper (key[0]);
  for (gsize i = 0; i < G_N_ELEMENTS (qt_keys); i++)
    if (g_ascii_strcasecmp (qt_keys[i].name, key) == 0)
      return qt_keys[i].code;
  return 0;
}

/**
 * pf_accel_to_qt:
 * @code: (out): the key and its modifiers, as Qt and KDE count them
 * @error: where Qt's name of the key is not known here
 */
gboolean
pf_accel_to_qt (const PfAccel *accel, gint32 *code, GError **error)
{
  gint32 key = find_qt_key (accel->key);

  if (key == 0)
    {
      g_set_error (
          error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
          _ ("The key “%s” cannot be set for this desktop from here. Take a letter, a digit or F1 to F35."),
          accel->key);
      return FALSE;
    }
  *code = key;
  for (gsize i = 0; i < G_N_ELEMENTS (qt_modifiers); i++)
    if (accel->modifiers & qt_modifiers[i].modifier)
      *code |= qt_modifiers[i].code;
  return TRUE;
}

/**
 * pf_accel_new_from_qt:
 * @code: as Qt and KDE count it
 *
 * Returns: (transfer full) (nullable): NULL where there is none, or its name is not known
 */
PfAccel *
pf_accel_new_from_qt (gint32 code)
{
  g_autoptr (PfAccel) accel = g_new0 (PfAccel, 1);
  gint32 key = code & QT_KEY_MASK;

  for (gsize i = 0; i < G_N_ELEMENTS (qt_modifiers); i++)
    if (code & qt_modifiers[i].code)
      accel->modifiers |= qt_modifiers[i].modifier;
  if (key >= QT_F1 && key < QT_F1 + 35)
    accel->key = g_strdup_printf ("F%d", key - QT_F1 + 1);
  else if (key < 0x80 && g_ascii_isalnum (key))
    accel->key = g_strdup_printf ("%c", g_ascii_tolower (key));
  for (gsize i = 0; i < G_N_ELEMENTS (qt_keys) && accel->key == NULL; i++)
    if (qt_keys[i].code == key)
      accel->key = g_strdup (qt_keys[i].name);
  return accel->key != NULL ? g_steal_pointer (&accel) : NULL;
}

PfAccel *
pf_accel_copy (const PfAccel *accel)
{
  PfAccel *copy = g_new0 (PfAccel, 1);

  copy->modifiers = accel->modifiers;
  copy->key = g_strdup (accel->key);
  return copy;
}

void
pf_accel_free (PfAccel *accel)
{
  g_free (accel->key);
  g_free (accel);
}
