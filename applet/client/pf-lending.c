/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says what can be lent on this machine, and how: the one place that makes words of it, for terminal, doctor
 * and windows. */

#include "pf-lending.h"

#include <glib/gi18n.h>

#include "pf-words.h"

#define MAX_NAMES 4

/**
 * pf_lending_controller_new:
 * @address: PCI address
 * @name: what people call it
 * @group: its IOMMU group, or -1
 *
 * Returns: (transfer full): a controller of which nothing else is known yet
 */
PfLendingController *
pf_lending_controller_new (const char *address, const char *name, int group)
{
  PfLendingController *controller = g_new0 (PfLendingController, 1);

  controller->address = g_strdup (address);
  controller->name = g_strdup (name);
  controller->group = group;
  controller->inputs = g_ptr_array_new_with_free_func (g_free);
  controller->along = g_ptr_array_new_with_free_func (g_free);
  return controller;
}

/**
 * pf_lending_controller_free:
 * @controller: (transfer full): a controller
 */
void
pf_lending_controller_free (PfLendingController *controller)
{
  g_free (controller->address);
  g_free (controller->name);
  g_free (controller->obstacle);
  g_free (controller->warning);
  g_ptr_array_unref (controller->inputs);
  g_ptr_array_unref (controller->along);
  g_free (controller);
}

/**
 * pf_lending_free:
 * @lending: (transfer full): what pf_lending_describe() has said
 */
void
pf_lending_free (PfLending *lending)
{
  g_free (lending->what);
  g_ptr_array_unref (lending->ways);
  g_ptr_array_unref (lending->obstacles);
  g_free (lending->advice);
  g_free (lending);
}

static gboolean
move_together (const PfLendingController *one, const PfLendingController *other)
{
  return one == other || (one->group >= 0 && one->group == other->group);
}

/* Whether an earlier controller of the same group stands for the whole group. */
static gboolean
is_spoken_for (GPtrArray *controllers, guint index)
{
  for (guint i = 0; i < index; i++)
    if (move_together (controllers->pdata[i], controllers->pdata[index]))
      return TRUE;
  return FALSE;
}

static gboolean
is_free (const PfLendingController *controller)
{
  return controller->can_be_lent && !controller->is_away;
}

/* What moves with a controller of the same group, it included. */
typedef struct
{
  GPtrArray *names;
  GPtrArray *inputs;
  GPtrArray *along;
  GPtrArray *warnings;
  guint n_sockets;
} Unit;

static void
unit_clear (Unit *unit)
{
  g_ptr_array_unref (unit->names);
  g_ptr_array_unref (unit->inputs);
  g_ptr_array_unref (unit->along);
  g_ptr_array_unref (unit->warnings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unit, unit_clear)

static void
add_once (GPtrArray *to, char *text)
{
  if (!g_ptr_array_find_with_equal_func (to, text, g_str_equal, NULL))
    g_ptr_array_add (to, text);
}

static void
add_all (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    add_once (to, from->pdata[i]);
}

static char *
describe_controller (const PfLendingController *controller)
{
  return g_strdup_printf ("%s (%s)", controller->name, pf_words_shorten_address (controller->address));
}

static void
collect_unit (GPtrArray *controllers, const PfLendingController *first, Unit *unit)
{
  unit->names = g_ptr_array_new_with_free_func (g_free);
  unit->inputs = g_ptr_array_new ();
  unit->along = g_ptr_array_new ();
  unit->warnings = g_ptr_array_new ();
  unit->n_sockets = 0;
  for (guint i = 0; i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];

      if (!move_together (first, controller))
        continue;
      g_ptr_array_add (unit->names, describe_controller (controller));
      add_all (unit->inputs, controller->inputs);
      add_all (unit->along, controller->along);
      if (controller->warning != NULL && *controller->warning != '\0')
        add_once (unit->warnings, controller->warning);
      unit->n_sockets += controller->n_sockets;
    }
}

static char *
join (GPtrArray *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < names->len; i++)
    g_strv_builder_add (builder, names->pdata[i]);
  list = g_strv_builder_end (builder);
  return pf_words_join ((const char *const *) list, MAX_NAMES);
}

static char *
describe_unit (const Unit *unit, gboolean is_last)
{
  g_autofree char *names = join (unit->names);
  g_autoptr (GString) text = g_string_new (NULL);

  if (unit->n_sockets == 0)
    /* Translators: names of one controller or more */
    g_string_append_printf (text, _ ("%s: as a whole."), names);
  else
    g_string_append_printf (text,
                            ngettext ("%s: as a whole, with %u socket.",
                                      "%s: as a whole, with up to %u sockets.", unit->n_sockets),
                            names, unit->n_sockets);
  if (unit->along->len > 0)
    {
      g_autofree char *along = join (unit->along);

      g_string_append_printf (text, ngettext (" %s goes along.", " %s go along.", unit->along->len), along);
    }
  if (unit->inputs->len > 0)
    {
      g_autofree char *inputs = join (unit->inputs);

      g_string_append_printf (text,
                              ngettext (" The host would lose %s, which is plugged in there.",
                                        " The host would lose %s, which are plugged in there.",
                                        unit->inputs->len),
                              inputs);
    }
  if (is_last)
    g_string_append (text, _ (" No USB socket would stay with the host."));
  for (guint i = 0; i < unit->warnings->len; i++)
    g_string_append_printf (text, " %s", (char *) unit->warnings->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_obstacle (const Unit *unit, const char *obstacle)
{
  g_autofree char *names = join (unit->names);

  /* Translators: names of one controller or more, and a sentence of the helper that says why */
  return g_strdup_printf (_ ("Not %s: %s"), names, obstacle);
}

/* The ports of a router move only where a guest can have one of its controllers. */
static void
add_router_ways (PfLending *lending, GPtrArray *controllers)
{
  gboolean can = FALSE;

  for (guint i = 0; i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];

      can |= controller->is_routed && (controller->can_be_lent || controller->is_away);
    }
  for (guint i = 0; can && i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];

      if (controller->n_movable == 0)
        continue;
      lending->kind = PF_LENDING_WELL;
      g_ptr_array_add (
          lending->ways,
          g_strdup_printf (ngettext ("Single sockets: %u port can be routed to a controller that "
                                     "the guest has.",
                                     "Single sockets: %u ports can be routed to a controller that "
                                     "the guest has, one by one.",
                                     controller->n_movable),
                           controller->n_movable));
    }
}

/* Returns: (nullable): a controller that stays with the host and has sockets when all that moves with
 * @leaving leaves */
static const PfLendingController *
find_refuge (GPtrArray *controllers, const PfLendingController *leaving)
{
  for (guint i = 0; i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];

      if (!controller->is_away && controller->n_sockets > 0 && !move_together (controller, leaving))
        return controller;
    }
  return NULL;
}

static PfLendingKind
judge_unit (const Unit *unit, const PfLendingController *refuge)
{
  if (unit->inputs->len > 0)
    return PF_LENDING_INPUT;
  return refuge == NULL ? PF_LENDING_LAST : PF_LENDING_WELL;
}

static void
add_whole_ways (PfLending *lending, GPtrArray *controllers)
{
  for (guint i = 0; i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];
      const PfLendingController *refuge;
      g_auto (Unit) unit = { 0 };

      collect_unit (controllers, controller, &unit);
      if (!is_free (controller) || controller->is_routed || is_spoken_for (controllers, i))
        continue;
      if (controller->obstacle != NULL)
        {
          g_ptr_array_add (lending->obstacles, describe_obstacle (&unit, controller->obstacle));
          continue;
        }
      refuge = find_refuge (controllers, controller);
      lending->kind = MIN (lending->kind, judge_unit (&unit, refuge));
      g_ptr_array_add (lending->ways, describe_unit (&unit, refuge == NULL));
    }
}

static gboolean
is_any_away (GPtrArray *controllers)
{
  for (guint i = 0; i < controllers->len; i++)
    if (((PfLendingController *) controllers->pdata[i])->is_away)
      return TRUE;
  return FALSE;
}

static char *
advise_on_input (GPtrArray *controllers)
{
  for (guint i = 0; i < controllers->len; i++)
    {
      const PfLendingController *controller = controllers->pdata[i];
      gboolean can_leave = is_free (controller) && controller->obstacle == NULL;
      const PfLendingController *refuge = can_leave ? find_refuge (controllers, controller) : NULL;
      g_autofree char *from = NULL;
      g_autofree char *to = NULL;

      if (refuge == NULL)
        continue;
      from = describe_controller (controller);
      to = describe_controller (refuge);
      return g_strdup_printf (
          _ ("Plug keyboard and mouse into sockets of %s. Then %s can be lent without them."), to, from);
    }
  return g_strdup (_ ("Where there is a slot for it, a PCIe card with a USB controller of its own adds "
                      "sockets that can be lent while these stay. "
                      "Until then QEMU's usb-host can give single devices to a guest."));
}

static void
find_words (PfLending *lending, GPtrArray *controllers)
{
  switch (lending->kind)
    {
    case PF_LENDING_WELL:
      lending->what = g_strdup (_ ("This can be lent:"));
      break;
    case PF_LENDING_AWAY:
      lending->what = g_strdup (_ ("All that can be lent is lent already."));
      break;
    case PF_LENDING_LAST:
      lending->what = g_strdup (_ ("Whatever is lent here leaves the host without a USB socket:"));
      lending->advice = advise_on_input (controllers);
      break;
    case PF_LENDING_INPUT:
      lending->what = g_strdup (_ ("Whatever is lent here takes a keyboard or mouse of the host along:"));
      lending->advice = advise_on_input (controllers);
      break;
    case PF_LENDING_NOTHING:
    default:
      lending->what = g_strdup (lending->obstacles->len > 0
                                    ? _ ("No controller can be lent now: the host cannot do without.")
                                    : _ ("No controller can be lent here."));
      lending->advice = g_strdup (_ ("QEMU's usb-host can still give single devices to a guest."));
    }
}

/**
 * pf_lending_describe:
 * @controllers: (element-type PfLendingController): those of the machine
 *
 * Pure: looks at nothing but @controllers.
 *
 * Returns: (transfer full): what can be lent, by which way, what goes along, and what to do where that is not
 * good
 */
PfLending *
pf_lending_describe (GPtrArray *controllers)
{
  PfLending *lending = g_new0 (PfLending, 1);

  lending->kind = PF_LENDING_NOTHING;
  lending->ways = g_ptr_array_new_with_free_func (g_free);
  lending->obstacles = g_ptr_array_new_with_free_func (g_free);
  add_router_ways (lending, controllers);
  add_whole_ways (lending, controllers);
  if (lending->kind == PF_LENDING_NOTHING && is_any_away (controllers))
    lending->kind = PF_LENDING_AWAY;
  find_words (lending, controllers);
  return lending;
}
