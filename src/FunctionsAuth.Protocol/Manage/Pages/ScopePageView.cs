using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The page of one scope.</summary>
public sealed class ScopePageView : ManageView
{
    public override string Route => CatalogView.Name + "/{scope}";

    public override string Scope => ManageScopes.ScopesRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var answer = await visit.CallAsync("get_scope", cancellation);
        var scope = (JsonObject)answer.Value!;
        var name = scope["name"]!.ToString();
        return CatalogPage.Of(visit, Phrase.Of($"Scope: {name}"), CatalogFields.OfScope(scope), answer.Tag, Phrase.Of($"Delete the scope {name}? Apps that ask for it no longer get it."));
    }

    public override Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation) =>
        CatalogPage.SubmitAsync(visit, form, "scope", CatalogFields.Scope(form), cancellation);
}

/// <summary>The page of one API.</summary>
public sealed class ResourcePageView : ManageView
{
    public override string Route => CatalogView.Apis + "/{resource}";

    public override string Scope => ManageScopes.ScopesRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var answer = await visit.CallAsync("get_resource", cancellation);
        var api = (JsonObject)answer.Value!;
        var name = api["identifier"]!.ToString();
        return CatalogPage.Of(visit, Phrase.Of($"API: {name}"), CatalogFields.OfApi(api), answer.Tag, Phrase.Of($"Delete the API {name}? Apps no longer get tokens for it."));
    }

    public override Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation) =>
        CatalogPage.SubmitAsync(visit, form, "resource", CatalogFields.Api(form), cancellation);
}

/// <summary>The parts that the pages of scopes and of APIs share.</summary>
internal static class CatalogPage
{
    public static ManageContent Of(ManageVisit visit, Phrase heading, IReadOnlyList<ManageField> fields, string? etag, Phrase question) => visit.May(ManageScopes.ScopesWrite)
        ? ManageContent.Of(
            heading,
            visit.Filled(new ManageForm(Forms.Save, Phrase.Of($"Save"), fields) { Etag = etag, Cancel = CatalogView.Name }),
            new ManageButtons([visit.AskButton(Forms.Delete, Phrase.Of($"Delete"))]),
            visit.Asking(Forms.Delete, question, Phrase.Of($"Delete"), etag))
        : new ManageContent(heading, new ManageFacts([.. fields.Select(field => Forms.Fact(field.Label, field.Value))]));

    /// <param name="kind">The kind of the record, as in the ids of the operations.</param>
    public static async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, string kind, JsonObject changes, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Forms.Save:
                await visit.CallAsync($"patch_{kind}", cancellation, changes, form[PageFields.Etag]);
                return new ManageResult(null, Phrase.Of($"It is saved."));
            case Forms.Delete:
                await visit.CallAsync($"delete_{kind}", cancellation, etag: form[PageFields.Etag]);
                return new ManageResult(CatalogView.Name);
            default:
                return new ManageResult(null);
        }
    }
}
