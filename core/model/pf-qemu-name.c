/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The name of a virtual machine, from the command line of the process that runs it. A process can write there
 * what it likes: the name is for people to read, and nothing is decided by it. */

#include "pf-qemu-name.h"

#include <string.h>

#include "pf-text.h"

/* The next argument, which ends with a zero byte; NULL at the end. What has been cut off is no argument. */
static const char *
next_argument (const char **rest, gsize *length)
{
  const char *argument = *rest;
  const char *end = *length > 0 ? memchr (argument, '\0', *length) : NULL;

  if (end == NULL)
    return NULL;
  *length -= (gsize) (end - argument) + 1;
  *rest = end + 1;
  return argument;
}

/* "/usr/bin/qemu-system-x86_64", "/usr/libexec/qemu-kvm", "kvm". Other programs may have a -name as well. */
static gboolean
is_qemu (const char *program)
{
  const char *slash = strrchr (program, '/');
  const char *name = slash != NULL ? slash + 1 : program;

  return strstr (name, "qemu") != NULL || g_str_has_prefix (name, "kvm");
}

/* Up to the next comma; two in a row are one that belongs to the value (get_opt_value() in QEMU's
 * util/qemu-option.c). */
static char *
take_value (const char **rest)
{
  GString *value = g_string_new (NULL);
  const char *c = *rest;

  for (; *c != '\0'; c++)
    {
      if (*c == ',' && *++c != ',')
        break;
      g_string_append_c (value, *c);
    }
  *rest = c;
  return g_string_free (value, FALSE);
}

/* "guest=NAME,process=...,debug-threads=on", in any order; the first one needs no "guest=". Of several the
 * last one counts, as with QEMU. */
static char *
parse_option (const char *option)
{
  g_autofree char *name = NULL;
  const char *rest = option;

  while (*rest != '\0')
    {
      gsize length = strcspn (rest, "=,");
      gboolean has_key = rest[length] == '=';
      gboolean is_guest = has_key ? strncmp (rest, "guest=", length + 1) == 0 : rest == option;
      g_autofree char *value = NULL;

      if (has_key)
        rest += length + 1;
      value = take_value (&rest);
      if (!is_guest)
        continue;
      g_free (name);
      name = g_steal_pointer (&value);
    }
  return g_steal_pointer (&name);
}

/**
 * pf_qemu_name_parse:
 * @bytes: what /proc/PID/cmdline says, or its beginning: each argument with a zero byte behind it
 * @length: number of bytes
 *
 * QEMU is told the name of its virtual machine by "-name"; libvirt always does that, with the domain's name
 * (qemuBuildNameCommandLine() in libvirt's src/qemu/qemu_command.c).
 *
 * Returns: (transfer full) (nullable): the name, clean and on one line; NULL when it has none, or is no QEMU
 */
char *
pf_qemu_name_parse (const char *bytes, gsize length)
{
  const char *argument = next_argument (&bytes, &length);
  g_autofree char *name = NULL;
  g_autofree char *clean = NULL;

  if (argument == NULL || !is_qemu (argument))
    return NULL;
  while (name == NULL && (argument = next_argument (&bytes, &length)) != NULL)
    {
      if (strcmp (argument, "-name") != 0 && strcmp (argument, "--name") != 0)
        continue;
      argument = next_argument (&bytes, &length);
      if (argument == NULL)
        return NULL;
      name = parse_option (argument);
    }
  if (name == NULL)
    return NULL;
  clean = pf_text_clean (name, strlen (name));
  return pf_text_to_name (clean);
}
