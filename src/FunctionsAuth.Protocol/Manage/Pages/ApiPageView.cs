using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>Describes the management API for developers who write a program for it.</summary>
public sealed class ApiPageView(ServerUrls urls) : ManageView
{
    public override string Route => "api";

    /// <summary>No scope: every user who can see any of these pages can see this one.</summary>
    public override string Scope => "";

    public override Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation) => Task.FromResult(ManageContent.Of(
        Phrase.Of($"API"),
        [
            new ManageText(Phrase.Of($"Programs can use this API to do everything that these pages do. Access tokens for the API must be for the resource below.")),
            new ManageFacts([Forms.Fact(Phrase.Of($"Address"), ManageValue.Code(urls.Of(Routes.ManageApi))), Forms.Fact(Phrase.Of($"Resource"), ManageValue.Code(urls.ManageResource))]),
            new ManageLink($"{Routes.ManageApi}/openapi.json", Phrase.Of($"The OpenAPI document")),
            .. visit.Book.Resources.GroupBy(resource => resource.Tag).Select(group => new ManageRows([.. group.SelectMany(resource => resource.Operations).Select(RowOf)], Phrase.Named(group.Key))),
        ]));

    private static ManageRow RowOf(Operation operation) => new(ManageValue.Code($"{operation.Method} /{operation.Path}"))
    {
        Text = operation.Summary,
        Facts =
        [
            Forms.Fact(Phrase.Of($"Scope"), ManageValue.Code(operation.Scope)),
            .. operation.Query.Count == 0 ? Array.Empty<ManageFact>() : [Forms.Fact(Phrase.Of($"Parameters"), ManageValue.Code(string.Join(' ', operation.Query.Select(parameter => parameter.Name))))],
        ],
    };
}
