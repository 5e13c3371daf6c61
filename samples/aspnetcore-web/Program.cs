using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using WebApp;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSignIn(builder.Configuration);
builder.Services.AddHttpClient("orders", http => http.BaseAddress = new Uri(builder.Configuration["Api"]!));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", (ClaimsPrincipal user) => user.Identity!.IsAuthenticated ? Pages.Home(user) : Pages.Start());

// RequireAuthorization sends a person who is not signed in to the server, and brings the person back to this address.
app.MapGet("/sign-in", () => Results.Redirect("/")).RequireAuthorization();
app.MapGet("/staff", () => Pages.Text("Only staff sees this.")).RequireAuthorization(policy => policy.RequireRole("clerk", "admin"));
app.MapGet("/no-access", () => Pages.Text("Your account does not have the role that this page needs.", StatusCodes.Status403Forbidden));

// <orders>
app.MapGet("/orders", async (HttpContext http, IHttpClientFactory clients) =>
{
    using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await http.GetTokenAsync("access_token"));
    using var answer = await clients.CreateClient("orders").SendAsync(request, http.RequestAborted);
    return Pages.Text($"The API answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(http.RequestAborted)}");
}).RequireAuthorization();
// </orders>

// <sign-out>
// A POST: with SameSite=Lax the browser sends the session cookie with no form of another site, so no other site can sign the person out.
app.MapPost("/sign-out", () => Results.SignOut(
    new AuthenticationProperties { RedirectUri = "/" },
    [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme])); // here, and at the server
// </sign-out>

app.Run();
