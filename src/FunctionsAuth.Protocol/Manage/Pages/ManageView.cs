using FunctionsAuth.Protocol.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One of the pages of the management: what it shows, and what its forms do. It knows nothing but operations of the API.</summary>
public abstract class ManageView
{
    /// <summary>Its address below <c>manage/</c>, with parameters in braces, such as <c>users/{subject}</c>.</summary>
    public abstract string Route { get; }

    /// <summary>Without it, nobody sees the page.</summary>
    public abstract string Scope { get; }

    /// <exception cref="Api.ApiProblem">What it shows is not there.</exception>
    public abstract Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation);

    /// <param name="form">With a form token that is good.</param>
    /// <exception cref="Api.ApiProblem">It was refused: the page is shown again, with what was typed.</exception>
    public virtual Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation) => Task.FromResult(new ManageResult(null));

    /// <returns>The values of the parameters; null where the address is another page's.</returns>
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
