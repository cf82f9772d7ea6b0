/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who asked for a switch, in one word: "tray", "ctl", "hotkey", "boot", "guard", "guest", or, where it is
 * known which virtual machine asked, "guest:NAME". One word, so that it travels with the switch wherever the
 * origin does: through the journal, to the way back, and into the signals. It is told to people; nothing is
 * decided by it. */

#include "pf-origin.h"

#include <string.h>

/**
 * pf_origin_vm_is_valid:
 * @vm: what a caller says is the name of a virtual machine
 *
 * Returns: whether it is 1 to %PF_ORIGIN_MAX_VM characters that can be shown on one line
 */
gboolean
pf_origin_vm_is_valid (const char *vm)
{
  guint count = 0;

  if (*vm == '\0' || !g_utf8_validate_len (vm, strlen (vm), NULL))
    return FALSE;
  for (const char *c = vm; *c != '\0'; c = g_utf8_next_char (c))
    if (++count > PF_ORIGIN_MAX_VM || !g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/**
 * pf_origin_new:
 * @origin: who asks, without a name
 * @vm: (nullable): the name of the virtual machine, for which pf_origin_vm_is_valid()
 *
 * Returns: (transfer full): both in one word
 */
char *
pf_origin_new (const char *origin, const char *vm)
{
  return vm != NULL ? g_strdup_printf ("%s:%s", origin, vm) : g_strdup (origin);
}

/**
 * pf_origin_is_guest:
 * @origin: an origin, with or without a name
 *
 * Returns: whether a virtual machine asked
 */
gboolean
pf_origin_is_guest (const char *origin)
{
  return g_str_equal (origin, PF_ORIGIN_GUEST) || g_str_has_prefix (origin, PF_ORIGIN_GUEST ":");
}

/**
 * pf_origin_get_vm:
 * @origin: an origin
 *
 * Returns: (transfer none) (nullable): the name of the virtual machine that asked; NULL where it is not
 * known, or somebody else asked
 */
const char *
pf_origin_get_vm (const char *origin)
{
  return g_str_has_prefix (origin, PF_ORIGIN_GUEST ":") ? origin + strlen (PF_ORIGIN_GUEST ":") : NULL;
}
