namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Who calls the management API, and what they may do.</summary>
/// <param name="Id">The subject of a person, or the id of a client that acts for itself.</param>
/// <param name="Name">The username, or the id of the client.</param>
/// <param name="IsPerson">A person, by an app or by the server's own pages.</param>
/// <param name="Scopes">The scopes of the management API that they have.</param>
public sealed record Caller(string Id, string Name, bool IsPerson, IReadOnlyList<string> Scopes)
{
    public bool Has(string scope) => Scopes.Contains(scope);

    /// <exception cref="ApiProblem">Status 403: they do not have it.</exception>
    public void Demand(string scope, string why)
    {
        if (!Has(scope))
            throw ApiProblem.Forbidden($"{why}: this requires the scope {scope}");
    }
}
