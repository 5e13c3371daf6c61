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

    /// <summary>What the members beside <c>type</c> must be: a JSON Schema of the subset that <see cref="DetailSchema"/> knows.</summary>
    public JsonObject Schema
    {
        get;
        init => (field, form) = (value, null);
    } = [];

    /// <summary>What the consent page says of an element, line by line.</summary>
    public IReadOnlyList<DetailLine> Lines
    {
        get;
        init => (field, form) = (value, null);
    } = [];

    /// <summary>The API that understands it: only access tokens for this one have it. Null: see <see cref="AuthorizationDetail.Locations"/>, or any API.</summary>
    public string? Resource { get; init; }

    /// <summary>The person is asked each time, whatever was allowed before, and by first-party clients, too.</summary>
    public bool AlwaysAsk { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    /// <summary>Schema and lines, ready for use; null where a row has what this release does not know. Then nothing of the type is granted.</summary>
    [JsonIgnore]
    public DetailForm? Form => (form ??= new(() => DetailForm.Read(this, []))).Value;

    [JsonIgnore]
    public Phrase ShownTitle => Phrase.Named(Title, LocalTexts.Of(Localized, "title"));
}

/// <summary>One line of the consent page.</summary>
public sealed record DetailLine
{
    /// <summary>With the members that stand in it in braces, such as <c>Up to {amount.value} to {creditor}</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The text in other languages, such as <c>text#de</c>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    [JsonIgnore]
    public Phrase ShownText => Phrase.Named(Text, LocalTexts.Of(Localized, "text"));
}
