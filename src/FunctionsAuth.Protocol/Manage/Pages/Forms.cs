using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>Fills forms with the stored values or, if the server refused the form, with the values that the user typed.</summary>
internal static class Forms
{
    public const string Save = PageFields.ActionSave;
    public const string Create = PageFields.ActionCreate;
    public const string Delete = PageFields.ActionDelete;

    /// <summary>A query parameter: the page asks the user to confirm this action.</summary>
    public const string Ask = "ask";

    /// <summary>Fills a form with the values that the user typed, their problems, and the values that others stored in the meantime.</summary>
    public static ManageForm Filled(this ManageVisit visit, ManageForm form)
    {
        if (visit.Typed is not { } typed || typed[PageFields.Action] != form.Action || typed[PageFields.Target] != form.Target)
            return form;
        return form with { Fields = [.. form.Fields.Select(field => Filled(visit, typed, field))] };
    }

    private static ManageField Filled(ManageVisit visit, Parameters typed, ManageField field)
    {
        var value = typed[field.Name];
        var isOther = Plain(value) != Plain(field.Value);
        return field with
        {
            Value = value,
            StoredNow = visit.IsStale && typed[PageFields.Etag] is not null && isOther ? field.Value ?? "" : null,
            Problem = string.Join("; ", visit.Problem!.Faults.Where(fault => IsOf(fault, field.Name)).Select(fault => fault.Detail)) is { Length: > 0 } problem ? problem : null,
        };
    }

    private static bool IsOf(ApiFault fault, string name) =>
        fault.Path.Split('.', '[') is var parts && (parts[0] == name || (parts.Length > 1 && parts[0] == "claims" && parts[1] == name));

    // Browsers send the lines of a form with CRLF.
    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();

    /// <summary>A form that asks for confirmation before an action that cannot be undone; null if the query does not ask for it.</summary>
    /// <param name="what">The value of <see cref="Ask"/> and of the action.</param>
    /// <param name="question">The question, which names the record.</param>
    public static ManageForm? Asking(this ManageVisit visit, string what, Phrase question, Phrase button, string? etag = null, string? target = null, params IReadOnlyList<ManageField> fields)
    {
        var asked = target is null ? what : $"{what}.{target}";
        var isAgain = visit.Typed?[PageFields.Action] == what && visit.Typed[PageFields.Target] == target;
        return visit.Query[Ask] != asked && !isAgain ? null : visit.Filled(new ManageForm(what, button, fields, question) { Etag = etag, Target = target, IsDanger = true, Cancel = visit.Page });
    }

    /// <summary>A button that leads to the confirmation form.</summary>
    public static ManageButton AskButton(this ManageVisit visit, string what, Phrase text, string? target = null, string? concerns = null) =>
        new(text) { Page = $"{visit.Page}?{Ask}={Uri.EscapeDataString(target is null ? what : $"{what}.{target}")}", Concerns = concerns, IsDanger = true };

    public static ManageButton Button(string action, Phrase text, string? target = null, string? concerns = null) => new(text) { Action = action, Target = target, Concerns = concerns };

    public static ManageFact Fact(Phrase name, ManageValue value) => new(ManageValue.Of(name), value);

    public static ManageFact Fact(Phrase name, string? value) => Fact(name, ManageValue.Of(value));

    /// <summary>A search form, filled with the current search.</summary>
    public static ManageForm Search(this ManageVisit visit, string page, params IReadOnlyList<ManageField> fields) =>
        new("", Phrase.Of($"Find"), [.. fields.Select(field => field with { Value = visit.Query[field.Name] })]) { SearchPage = page };

    /// <summary>The address of the same page with the next part of its list; null at the end.</summary>
    public static string? Next(this ManageVisit visit, string? after) =>
        after is null ? null : $"{visit.Page}?{visit.Query.Without("after").With("after", after).ToQuery()}";

    /// <summary>The parameters of a list operation, taken from the query of the page.</summary>
    public static IEnumerable<(string Name, string? Value)> Asked(this ManageVisit visit, params IEnumerable<string> names) => names.Append("after").Select(name => (name, visit.Query[name]));

    /// <summary>A body with all members that are not null.</summary>
    public static JsonObject Body(params IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));

    /// <summary>The body of a new record, made from a merge patch: members that are null in the patch are left out.</summary>
    public static JsonObject New(JsonObject changes) => Body(changes.Select(member => (member.Key, member.Value?.DeepClone())));

    public static JsonNode? Text(this Parameters form, string name) => form[name]?.Trim() is { Length: > 0 } text ? JsonValue.Create(text) : null;

    /// <summary>A date and time. The browser sends it without a time zone, and it is read as UTC.</summary>
    public static JsonNode? Moment(this Parameters form, string name) =>
        DateTimeOffset.TryParse(form[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? JsonValue.Create(at) : form.Text(name);

    /// <summary>The lines of a field.</summary>
    public static JsonArray Lines(this Parameters form, string name) =>
        [.. (form[name] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonNode)JsonValue.Create(line))];

    /// <summary>The words of a field, separated by single spaces, as OAuth requires for scopes.</summary>
    public static string Words(this Parameters form, string name) => string.Join(' ', (form[name] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static bool Flag(this Parameters form, string name) => form[name] == PageFields.True;

    public static string? LinesOf(JsonNode? list) => list is JsonArray items ? string.Join('\n', items.Select(item => item?.ToString())) : null;

    public static string? FlagOf(bool value) => value ? PageFields.True : null;
}
