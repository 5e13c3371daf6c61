using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Details;

/// <summary>A type of authorization details that the operator defines: RFC 9396 §2 and §3.</summary>
public sealed record AuthorizationDetailsType
{
    private Lazy<DetailForm?>? form;

    public required string Type { get; init; }

    /// <summary>The heading under which the consent page shows an element of the type.</summary>
    public required string Title { get; init; }

    /// <summary>The title in other languages, such as <c>title#de</c>: see <see cref="LocalTexts"/>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    /// <summary>The rules for the members other than <c>type</c>: a JSON Schema of the subset that <see cref="DetailSchema"/> supports.</summary>
    public JsonObject Schema
    {
        get;
        init => (field, form) = (value, null);
    } = [];

    /// <summary>The text of an element on the consent page, line by line.</summary>
    public IReadOnlyList<DetailLine> Lines
    {
        get;
        init => (field, form) = (value, null);
    } = [];

    /// <summary>
    /// The API for these details: only access tokens for this API contain them. Null: see <see cref="AuthorizationDetail.Locations"/>, or any API.
    /// </summary>
    public string? Resource { get; init; }

    /// <summary>The user is asked each time, whatever was allowed before, even by first-party clients.</summary>
    public bool AlwaysAsk { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    /// <summary>Schema and lines, ready for use; null if a row has something that this release does not support. Then nothing of the type is granted.</summary>
    [JsonIgnore]
    public DetailForm? Form => (form ??= new(() => DetailForm.Read(this, []))).Value;

    [JsonIgnore]
    public Phrase ShownTitle => Phrase.Named(Title, LocalTexts.Of(Localized, "title"));
}

/// <summary>One line of the consent page.</summary>
public sealed record DetailLine
{
    /// <summary>The text, with members in braces, such as <c>Up to {amount.value} to {creditor}</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The text in other languages, such as <c>text#de</c>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    [JsonIgnore]
    public Phrase ShownText => Phrase.Named(Text, LocalTexts.Of(Localized, "text"));
}
