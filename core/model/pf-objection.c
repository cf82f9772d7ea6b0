/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-objection-private.h"

/**
 * pf_objection_new:
 * @code: its name
 * @severity: whether it can be overridden
 * @error: what a refused switch ends with
 * @address: (nullable): what it is about
 * @message: (transfer full): in words
 *
 * Returns: (transfer full): an objection
 */
PfObjection *
pf_objection_new (const char *code, PfSeverity severity, PfError error, const char *address, char *message)
{
  PfObjection *objection = g_new0 (PfObjection, 1);

  objection->code = g_strdup (code);
  objection->severity = severity;
  objection->error = error;
  objection->address = g_strdup (address);
  objection->message = message;
  return objection;
}

/**
 * pf_objection_new_from_error:
 * @error: why no plan could be made, in PF_ERROR
 *
 * Returns: (transfer full): the same as a hard objection, for a preview
 */
PfObjection *
pf_objection_new_from_error (const GError *error)
{
  g_autofree char *code = pf_error_get_objection_code (error->code);

  return pf_objection_new (code, PF_SEVERITY_HARD, error->code, NULL, g_strdup (error->message));
}

/**
 * pf_objection_free:
 * @objection: (transfer full): an objection
 */
void
pf_objection_free (PfObjection *objection)
{
  g_free (objection->code);
  g_free (objection->address);
  g_free (objection->what);
  g_free (objection->message);
  g_free (objection);
}

/**
 * pf_severity_to_string:
 * @severity: a severity
 *
 * Returns: (transfer none): its name as on D-Bus
 */
const char *
pf_severity_to_string (PfSeverity severity)
{
  static const char *const names[] = {
    [PF_SEVERITY_NOTE] = "note",
    [PF_SEVERITY_SOFT] = "soft",
    [PF_SEVERITY_HARD] = "hard",
  };

  return names[severity];
}

/**
 * pf_objections_have_hard:
 * @objections: (element-type PfObjection): what was found so far
 * @address: of a function, or the kernel's name of a USB device
 *
 * Returns: whether something speaks against taking that away which nobody can override
 */
gboolean
pf_objections_have_hard (const GPtrArray *objections, const char *address)
{
  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      if (objection->severity == PF_SEVERITY_HARD && g_strcmp0 (objection->address, address) == 0)
        return TRUE;
    }
  return FALSE;
}
