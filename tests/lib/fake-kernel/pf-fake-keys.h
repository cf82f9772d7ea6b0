/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PF_FAKE_KEY_STRING,  /* char * */
  PF_FAKE_KEY_NAME,    /* char *, that a file or folder can be called */
  PF_FAKE_KEY_LIST,    /* char **, separated by ";" */
  PF_FAKE_KEY_NAMES,   /* char **, of which the same holds */
  PF_FAKE_KEY_BOOLEAN, /* gboolean: true or false */
  PF_FAKE_KEY_NUMBER,  /* int: decimal, 0x..., or "none" for -1 */
  PF_FAKE_KEY_HEX,     /* guint32: hexadecimal, with or without 0x */
  PF_FAKE_KEY_ID,      /* guint32: "8086:8cb1" */
} PfFakeKeyType;

/**
 * PfFakeKey:
 * @name: NULL ends a table
 * @offset: of the field in the structure that a group is read into
 * @choices: (nullable): "|"-separated values that are allowed; of numbers "MIN..MAX", or "none|MIN..MAX"
 * where "none" makes sense
 * @required: whether a group without this key is an error
 */
typedef struct
{
  const char *name;
  PfFakeKeyType type;
  gsize offset;
  const char *choices;
  gboolean required;
} PfFakeKey;

gboolean pf_fake_keys_set (
    const PfFakeKey *keys, gpointer object, const char *name, const char *value, GError **error);
gboolean
pf_fake_keys_read (const PfFakeKey *keys, gpointer object, GKeyFile *file, const char *group, GError **error);
void pf_fake_keys_clear (const PfFakeKey *keys, gpointer object);
void pf_fake_keys_copy (const PfFakeKey *keys, gconstpointer from, gpointer to);

G_END_DECLS
