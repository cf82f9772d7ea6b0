/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-preview-model.h"

#include <glib/gi18n.h>

#include "pf-udisks.h"
#include "pf-variant.h"
#include "pf-words.h"

/* More than a person reads; the rest is counted. */
#define MAX_PORTS 8
#define MAX_STAYING 6

static void
free_objection (gpointer data)
{
  PfPreviewObjection *objection = data;

  g_free (objection->title);
  g_free (objection->message);
  g_free (objection);
}

/**
 * pf_preview_model_free:
 * @model: (transfer full): a model
 */
void
pf_preview_model_free (PfPreviewModel *model)
{
  g_free (model->title);
  g_ptr_array_unref (model->goes);
  g_ptr_array_unref (model->comes);
  g_ptr_array_unref (model->stays);
  g_ptr_array_unref (model->objections);
  g_ptr_array_unref (model->notes);
  g_free (model->deed);
  g_strfreev (model->unmount);
  g_strfreev (model->override);
  g_free (model);
}

static gboolean
has (GVariant *row, const char *key, const char *value)
{
  return g_str_equal (pf_variant_get_string (row, key), value);
}

static gboolean
has_objection (GVariant *objections, const char *code, const char *address)
{
  GVariantIter iter;
  GVariant *objection;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, objections);
  while (g_variant_iter_loop (&iter, "@a{sv}", &objection))
    found = found || (has (objection, "code", code) && has (objection, "address", address));
  return found;
}

/* Returns: (nullable): what @device is to the person who works here. */
static const char *
describe_role (GVariant *device, const char *address, GVariant *objections)
{
  gboolean last_keyboard = has_objection (objections, "last-keyboard", address);
  gboolean last_pointer = has_objection (objections, "last-pointer", address);
  const char *input = pf_variant_get_string (device, "input");

  if (last_keyboard && last_pointer)
    return _ ("your last keyboard and mouse");
  if (last_keyboard)
    return _ ("your last keyboard");
  if (last_pointer)
    return _ ("your last mouse");
  if (g_str_equal (input, "keyboard pointer"))
    return _ ("keyboard and mouse");
  if (g_str_equal (input, "keyboard"))
    return _ ("keyboard");
  if (g_str_equal (input, "pointer"))
    return _ ("mouse");
  return pf_variant_get_boolean (device, "storage") ? _ ("stick or disk") : NULL;
}

static char *
describe_device (GVariant *device, const char *address, GVariant *objections)
{
  const char *name = pf_variant_get_string (device, "name");
  const char *role = describe_role (device, address, objections);

  if (name[0] == '\0')
    name = _ ("Unknown device");
  /* Translators: a device and what it is: "Logitech K120 (your last keyboard)" */
  return role != NULL ? g_strdup_printf (_ ("%s (%s)"), name, role) : g_strdup (name);
}

static char *
describe_function (GVariant *move)
{
  g_autofree char *name = pf_words_shorten_name (pf_variant_get_string (move, "name"));
  const char *address = pf_words_shorten_address (pf_variant_get_string (move, "address"));

  if (has (move, "kind", "controller"))
    /* Translators: a controller's name and address */
    return g_strdup_printf (_ ("%s (controller %s)"), name, address);
  /* Translators: name and address of a device that shares an IOMMU group with a controller */
  return g_strdup_printf (_ ("%s (%s, of the same group)"), name, address);
}

/* Adds what goes to @side, of one @kind. Returns: how many. */
static guint
add_moves (GPtrArray *lines, GVariant *moves, GVariant *objections, const char *kind, const char *side)
{
  GVariantIter iter;
  GVariant *move;
  guint count = 0;

  g_variant_iter_init (&iter, moves);
  while (g_variant_iter_loop (&iter, "@a{sv}", &move))
    if (has (move, "kind", kind) && has (move, "to", side))
      {
        g_ptr_array_add (lines,
                         g_str_equal (kind, "device")
                             ? describe_device (move, pf_variant_get_string (move, "address"), objections)
                             : describe_function (move));
        count++;
      }
  return count;
}

/* The ports on one line. Returns: how many. */
static guint
add_ports (GPtrArray *lines, GVariant *moves, const char *side)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;
  guint count = 0;

  for (gsize i = 0; i < g_variant_n_children (moves); i++)
    {
      g_autoptr (GVariant) move = g_variant_get_child_value (moves, i);

      if (has (move, "kind", "port") && has (move, "to", side))
        g_ptr_array_add (names, (gpointer) pf_variant_get_string (move, "name"));
    }
  count = names->len;
  if (count == 0)
    return 0;
  g_ptr_array_add (names, NULL);
  list = pf_words_join ((const char *const *) names->pdata, MAX_PORTS);
  /* Translators: %s are ports: "ehci1/1 and ehci1/6" */
  g_ptr_array_add (lines, g_strdup_printf (ngettext ("Port %s", "Ports %s", count), list));
  return count;
}

static gboolean
is_moving (GVariant *rows, const char *sysname)
{
  GVariantIter iter;
  GVariant *move;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_loop (&iter, "@a{sv}", &move))
    found = found || (has (move, "kind", "device") && has (move, "address", sysname));
  return found;
}

static void
add_staying (PfPreviewModel *model, GVariant *rows, GVariant *objections, GPtrArray *devices)
{
  guint more = 0;

  for (guint i = 0; i < devices->len; i++)
    {
      GVariant *device = devices->pdata[i];
      const char *sysname = pf_variant_get_string (device, "sysname");

      if (pf_variant_get_boolean (device, "hub") || is_moving (rows, sysname))
        continue;
      if (model->stays->len == MAX_STAYING)
        more++;
      else
        g_ptr_array_add (model->stays, describe_device (device, sysname, objections));
    }
  if (more > 0)
    g_ptr_array_add (model->stays, g_strdup_printf (ngettext ("%u more", "%u more", more), more));
}

static const char *
describe_code (const char *code)
{
  static const struct
  {
    const char *code;
    const char *title;
  } titles[] = {
    { "mounted", N_ ("A stick or disk is in use") },
    { "last-keyboard", N_ ("No keyboard stays here") },
    { "last-pointer", N_ ("No mouse stays here") },
    { "keyboard-stays", N_ ("The keyboard that stays here") },
    { "super-speed-half-stays", N_ ("Half a socket stays here") },
    { "no-reset", N_ ("A controller cannot be reset") },
    { "reserved-memory", N_ ("The firmware keeps a controller") },
    { "risky-reset", N_ ("A reset can do harm") },
    { "usb4-tunnels", N_ ("Docks go this way") },
    { "not-plugged-in", N_ ("It is not plugged in") },
    { "audio-in-use", N_ ("Sound is in use") },
    { "print-session", N_ ("Something may be printing") },
    { "fingerprint-session", N_ ("Fingerprints are being read") },
    { "in-use", N_ ("Somebody has it open") },
    { "goes-along", N_ ("Something else goes along") },
    { "graphics-goes-along", N_ ("A graphics card goes along") },
    { "users-unknown", N_ ("Not everything could be looked at") },
    { "default-route", N_ ("The network goes this way") },
    { "display", N_ ("A screen goes this way") },
    { "held", N_ ("A virtual machine still has it") },
    { "stuck", N_ ("The kernel does not answer") },
    { "swap", N_ ("The system swaps to it") },
    { "volume-member", N_ ("Part of a volume in use") },
    { "root-disk", N_ ("The system runs from it") },
    { "boot-disk", N_ ("The system starts from it") },
    { "home-disk", N_ ("People’s own files are on it") },
    { "system-disk", N_ ("Part of the system is on it") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].code, code))
      return _ (titles[i].title);
  return _ ("It cannot be done");
}

static void
add_objections (PfPreviewModel *model, GVariant *objections)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();

  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (objections, i);
      PfPreviewObjection *objection;
      const char *code = pf_variant_get_string (row, "code");

      if (has (row, "severity", "note"))
        {
          g_ptr_array_add (model->notes, g_strdup (pf_variant_get_string (row, "message")));
          continue;
        }
      objection = g_new0 (PfPreviewObjection, 1);
      objection->title = g_strdup (describe_code (code));
      objection->message = g_strdup (pf_variant_get_string (row, "message"));
      objection->hard = !has (row, "severity", "soft");
      g_ptr_array_add (model->objections, objection);
      /* What can be unmounted is not overridden; what cannot be found to unmount has to be. */
      if ((!g_str_equal (code, "mounted") || pf_variant_get_string (row, "what")[0] == '\0')
          && !g_ptr_array_find_with_equal_func (codes, code, g_str_equal, NULL))
        g_ptr_array_add (codes, (gpointer) code);
    }
  g_ptr_array_add (codes, NULL);
  model->override = g_strdupv ((char **) codes->pdata);
  model->unmount = pf_udisks_list_mounted (objections);
}

static gboolean
is_impossible (const PfPreviewModel *model)
{
  for (guint i = 0; i < model->objections->len; i++)
    if (((const PfPreviewObjection *) model->objections->pdata[i])->hard)
      return TRUE;
  return FALSE;
}

/* What moves, by what people know best. */
typedef struct
{
  guint devices;
  guint controllers;
  guint ports;
} Count;

static guint
count_all (const Count *count)
{
  return count->devices + count->controllers + count->ports;
}

static char *
name_count (const Count *count, gboolean lends)
{
  if (count->devices > 0)
    return g_strdup_printf (lends ? ngettext ("_Lend %u device", "_Lend %u devices", count->devices)
                                  : ngettext ("_Bring %u device home", "_Bring %u devices home",
                                              count->devices),
                            count->devices);
  if (count->controllers > 0)
    return g_strdup_printf (
        lends ? ngettext ("_Lend %u controller", "_Lend %u controllers", count->controllers)
              : ngettext ("_Bring %u controller home", "_Bring %u controllers home", count->controllers),
        count->controllers);
  return g_strdup_printf (lends ? ngettext ("_Lend %u port", "_Lend %u ports", count->ports)
                                : ngettext ("_Bring %u port home", "_Bring %u ports home", count->ports),
                          count->ports);
}

static char *
name_unmounting (gboolean lends, gboolean in_spite)
{
  if (lends)
    return g_strdup (in_spite ? _ ("_Unmount, and lend all the same") : _ ("_Unmount and lend"));
  return g_strdup (in_spite ? _ ("_Unmount, and switch all the same") : _ ("_Unmount and switch"));
}

/* A button says what it does. */
static char *
name_deed (const PfPreviewModel *model, const Count *goes, const Count *comes)
{
  gboolean in_spite = model->override[0] != NULL;
  gboolean lends = count_all (goes) > 0;
  g_autofree char *deed = NULL;

  if (is_impossible (model))
    return NULL;
  if (model->unmount[0] != NULL)
    return name_unmounting (lends, in_spite);
  if (count_all (goes) + count_all (comes) == 0)
    return g_strdup (in_spite ? _ ("_Switch all the same") : _ ("_Switch"));
  deed = name_count (lends ? goes : comes, lends);
  /* Translators: %s is what a button does: "Lend 3 devices" */
  return in_spite ? g_strdup_printf (_ ("%s all the same"), deed) : g_steal_pointer (&deed);
}

static Count
add_side (GPtrArray *lines, GVariant *rows, GVariant *objections, const char *side)
{
  Count count;

  count.devices = add_moves (lines, rows, objections, "device", side);
  count.controllers = add_moves (lines, rows, objections, "controller", side);
  count.controllers += add_moves (lines, rows, objections, "function", side);
  count.ports = add_ports (lines, rows, side);
  return count;
}

/**
 * pf_preview_model_new:
 * @label: what people call the profile
 * @rows: what moves: an aa{sv} as in Preview
 * @objections: an aa{sv} as in Preview
 * @devices: (element-type GVariant): what the host has now: an a{sv} for each, as in Controller.Devices
 *
 * Returns: (transfer full): what to tell before the switch
 */
PfPreviewModel *
pf_preview_model_new (const char *label, GVariant *rows, GVariant *objections, GPtrArray *devices)
{
  PfPreviewModel *model = g_new0 (PfPreviewModel, 1);
  Count goes, comes;

  model->goes = g_ptr_array_new_with_free_func (g_free);
  model->comes = g_ptr_array_new_with_free_func (g_free);
  model->stays = g_ptr_array_new_with_free_func (g_free);
  model->objections = g_ptr_array_new_with_free_func (free_objection);
  model->notes = g_ptr_array_new_with_free_func (g_free);
  add_objections (model, objections);
  goes = add_side (model->goes, rows, objections, "guest");
  comes = add_side (model->comes, rows, objections, "host");
  add_staying (model, rows, objections, devices);
  model->deed = name_deed (model, &goes, &comes);
  /* Translators: %s is the name of a profile */
  model->title
      = g_strdup_printf (model->deed != NULL ? _ ("Switch to %s?") : _ ("%s cannot be switched to"), label);
  return model;
}
