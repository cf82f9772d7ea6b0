/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes along with a USB controller, because it is in the same IOMMU group, and would be missed. */

#include "pf-objection-private.h"

#include <string.h>

#define BASE_CLASS_DISPLAY 0x03
#define CLASS_USB4 0x0c0340

/* Classes of PCI functions (PCI Code and ID Assignment Specification; linux/pci_ids.h) that people have
 * something on. All others, such as bridges, memory controllers, SMBus, cryptographic and management
 * functions, nobody misses. */
static const struct
{
  guint32 code;
  guint shift; /* how many bits of the class do not matter */
  const char *what;
} kinds[] = {
  { 0x01, 16, "disk controller" },
  { 0x0c04, 8, "disk controller" }, /* Fibre Channel */
  { 0x028000, 0, "wireless network card" },
  { 0x02, 16, "network card" },
  { 0x0c06, 8, "network card" }, /* InfiniBand, before it had a class of its own */
  { 0x0400, 8, "video card" },
  { 0x0401, 8, "sound card" },
  { 0x0403, 8, "sound card" },
  { 0x04, 16, "multimedia card" },
  { 0x0700, 8, "serial port" },
  { 0x0701, 8, "parallel port" },
  { 0x0702, 8, "serial port" },
  { 0x0703, 8, "modem" },
  { 0x0780, 8, "communications card" },
  { 0x0805, 8, "card reader" },
  { 0x0c00, 8, "FireWire controller" },
  { 0x0d, 16, "wireless card" },
  { 0x12, 16, "accelerator card" },
};

/* Classes that say nothing: the driver does. MEI's serial-over-LAN and heci are 0780 too. */
static const struct
{
  const char *driver;
  const char *what; /* NULL: nobody misses it */
} drivers[] = {
  { "thunderbolt", "Thunderbolt controller" },
  { "rtsx_pci", "card reader" },
  { "jmb38x_ms", "card reader" },
  { "tifm_7xx1", "card reader" },
  { "mei_me", NULL },
  { "mei_txe", NULL },
  { "pcieport", NULL },
};

/* Of a USB4 host interface pf_objection_add_host_routers() speaks. */
static const char *
find_kind (const PfFunction *function)
{
  if (function->class_code == CLASS_USB4)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (g_strcmp0 (function->driver, drivers[i].driver) == 0)
      return drivers[i].what;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (function->class_code >> kinds[i].shift == kinds[i].code)
      return kinds[i].what;
  return NULL;
}

static gboolean
is_asked_for (const PfFuture *future, const PfProfile *profile, const PfFunction *function)
{
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfController *controller
          = pf_device_key_resolve (profile->controllers->pdata[i], profile, future->board, NULL);

      if (controller != NULL && controller->function == function)
        return TRUE;
    }
  return FALSE;
}

/* Whether what was said already says it: a disk controller can have other disks than the one that is in use,
 * any other function is one thing. */
static gboolean
is_said (const GPtrArray *objections, const PfFunction *function)
{
  gboolean has_parts = function->class_code >> 16 == 0x01;

  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      if (objection->severity >= (has_parts ? PF_SEVERITY_HARD : PF_SEVERITY_SOFT)
          && g_strcmp0 (objection->address, function->address) == 0)
        return TRUE;
    }
  return FALSE;
}

/* "sda (Samsung SSD 860, 500 GB, not mounted); sdb (...)" */
static char *
list_contents (const PfBoard *board, const PfFunction *function)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < board->uses->len; i++)
    {
      const PfUse *use = board->uses->pdata[i];

      if (use->kind == PF_USE_CONTENT && use->place.usb == NULL
          && g_str_equal (use->place.address, function->address))
        g_string_append_printf (text, "%s%s (%s)", text->len > 0 ? "; " : "", use->what, use->where);
    }
  return g_string_free (text, FALSE);
}

static void
object_to_graphics (GPtrArray *objections, const PfFunction *function)
{
  g_autofree char *name = pf_function_describe (function);

  if (pf_objections_have_hard (objections, function->address))
    return;
  g_ptr_array_add (
      objections,
      pf_objection_new ("graphics-goes-along", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, function->address,
                        g_strdup_printf ("The graphics card %s (driver %s) goes along: the host would be "
                                         "without it. Be sure that no screen is connected to it.",
                                         name, function->driver)));
}

static void
object_to_member (GPtrArray *objections, const PfBoard *board, const PfFunction *function, const char *kind)
{
  g_autofree char *name = NULL;
  g_autofree char *contents = NULL;

  if (is_said (objections, function))
    return;
  name = pf_function_describe (function);
  contents = list_contents (board, function);
  g_ptr_array_add (
      objections,
      pf_objection_new ("goes-along", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, function->address,
                        g_strdup_printf ("The %s %s goes along%s%s: the host would be without it.", kind,
                                         name, *contents != '\0' ? ", with " : "", contents)));
}

/**
 * pf_objection_add_along:
 * @objections: (element-type PfObjection): where to add; has what pf_objection_add_host() says
 * @future: what a plan leads to
 * @profile: the profile that it is for
 *
 * Objects to taking along what shares a group with a USB controller and has a driver of the host: a graphics
 * card, and whatever else people would miss, each with what is on it. Leaves out functions that cannot be taken
 * anyway, or that are named already.
 */
void
pf_objection_add_along (GPtrArray *objections, const PfFuture *future, const PfProfile *profile)
{
  for (guint i = 0; i < future->board->functions->len; i++)
    {
      const PfFunction *function = future->board->functions->pdata[i];
      const char *kind = find_kind (function);

      if (!function->is_pci || pf_function_get_owner (function) != PF_OWNER_HOST
          || pf_future_get_owner (future, function) != PF_OWNER_GUEST)
        continue;
      if (function->class_code >> 16 == BASE_CLASS_DISPLAY)
        object_to_graphics (objections, function);
      else if (kind != NULL && !is_asked_for (future, profile, function))
        object_to_member (objections, future->board, function, kind);
    }
}
