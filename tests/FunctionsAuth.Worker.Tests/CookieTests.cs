using FunctionsAuth.Worker.Tests.Harness;

namespace FunctionsAuth.Worker.Tests;

[Collection(SharedWorkerTests.Name)]
public sealed class CookieTests(SharedWorker shared)
{
    [WorkerFact]
    public async Task Each_cookie_of_an_answer_is_a_header_of_its_own_in_the_order_that_it_was_set()
    {
        var worker = await shared.GetAsync();
        var person = new Person(worker.Http);
        var answer = await person.LoginAsync(await person.OpenAsync(await Samples.AuthorizeUrlAsync()), remember: true);

        // Their expiry has a comma, by which no one may split them.
        Assert.Collection(
            answer.Headers.NonValidated["Set-Cookie"],
            cookie => Assert.Matches("^functionsauth-[0-9]+-session=[^,;]+; expires=[A-Z][a-z]{2}, [^,]+$", cookie),
            cookie => Assert.Matches("^functionsauth-[0-9]+-browser-state=[^,;]+; expires=[A-Z][a-z]{2}, [^,]+$", cookie),
            cookie => Assert.Matches("^functionsauth-[0-9]+-accounts=[^,;]+; expires=[A-Z][a-z]{2}, [^,]+$", cookie),
            cookie => Assert.Matches("^functionsauth-[0-9]+-devices=[^,;]+; expires=[A-Z][a-z]{2}, [^,]+$", cookie));
    }
}
