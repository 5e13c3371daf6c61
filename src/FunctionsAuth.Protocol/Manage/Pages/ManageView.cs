using FunctionsAuth.Protocol.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One of the management pages: its content and the actions of its forms. It uses only operations of the API.</summary>
public abstract class ManageView
{
    /// <summary>The address below <c>manage/</c>, with parameters in braces, such as <c>users/{subject}</c>.</summary>
    public abstract string Route { get; }

    /// <summary>The scope that a user needs to see the page.</summary>
    public abstract string Scope { get; }

    /// <exception cref="Api.ApiProblem">The record of the page does not exist.</exception>
    public abstract Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation);

    /// <param name="form">A form whose form token is valid.</param>
    /// <exception cref="Api.ApiProblem">The API refused the change. The page is shown again, with the values that the user typed.</exception>
    public virtual Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation) => Task.FromResult(new ManageResult(null));

    /// <returns>The values of the parameters; null if the address belongs to another page.</returns>
    public IReadOnlyDictionary<string, string>? Match(string page)
    {
        var (own, asked) = (Route.Split('/'), page.Split('/'));
        if (own.Length != asked.Length)
            return null;
        Dictionary<string, string> values = [];
        foreach (var (expected, given) in own.Zip(asked))
        {
            if (expected.StartsWith('{'))
                values[expected[1..^1]] = given;
            else if (expected != given)
                return null;
        }
        return values;
    }
}
