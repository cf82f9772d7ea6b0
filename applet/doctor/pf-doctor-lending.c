/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-doctor-checks.h"
#include "pf-lending.h"

static const PfDoctorState states[] = {
  [PF_LENDING_WELL] = PF_DOCTOR_OK,         [PF_LENDING_AWAY] = PF_DOCTOR_OK,
  [PF_LENDING_LAST] = PF_DOCTOR_HINT,       [PF_LENDING_INPUT] = PF_DOCTOR_WARNING,
  [PF_LENDING_NOTHING] = PF_DOCTOR_PROBLEM,
};

/* Returns: (transfer full): a line for each */
static char *
join_lines (const PfLending *lending)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();

  g_ptr_array_extend (lines, lending->ways, NULL, NULL);
  g_ptr_array_extend (lines, lending->obstacles, NULL, NULL);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static char *
describe_ways (const PfDoctorFacts *facts, const PfLending *lending)
{
  if (lending->obstacles->len > 0)
    return join_lines (lending);
  if (lending->kind == PF_LENDING_NOTHING)
    return g_strdup (facts->n_groups > 0 ? _ ("“portferryctl controllers” says why.")
                                         : _ ("Lending takes an IOMMU: see above."));
  if (lending->ways->len == 0)
    return g_strdup (_ ("“portferryctl status” says to whom."));
  return join_lines (lending);
}

/* Without vfio-pci nothing can be lent, whatever the board is like; the helper only looks for it when it
 * lends. */
static gboolean
lacks_driver (const PfDoctorFacts *facts)
{
  return facts->vfio == PF_DOCTOR_VFIO_MISSING;
}

/**
 * pf_doctor_check_lending:
 *
 * What can be lent on this machine, and how.
 */
void
pf_doctor_check_lending (GPtrArray *findings, const PfDoctorFacts *facts)
{
  g_autoptr (PfLending) lending = NULL;
  g_autofree char *ways = NULL;

  if (facts->lending == NULL || facts->lending->len == 0 || lacks_driver (facts))
    return;
  lending = pf_lending_describe (facts->lending);
  ways = describe_ways (facts, lending);
  pf_doctor_add (findings, states[lending->kind], "lending", g_strdup (lending->what), ways, lending->advice);
}
